package io.pgcdc.servers.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, not for time. */
public final class Await {

    /** The default limit of a wait. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    /** The first pause between two checks. It doubles up to the longest, because checks take CPU time from the code under test. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(32);
    private static final long LONGEST_PAUSE_OF_RARE_NANOS = TimeUnit.MILLISECONDS.toNanos(128);

    private Await() {}

    /** @param <E> exception of the check */
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    /** Returns once the condition holds. Throws an AssertionError with its name after 30 s. */
    public static <E extends Exception> void until(String what, Condition<E> condition) throws E {
        until(what, DEADLINE, condition);
    }

    /** Like {@link #until}, with another limit. */
    public static <E extends Exception> void until(String what, Duration longest, Condition<E> condition) throws E {
        until(what, longest, LONGEST_PAUSE_NANOS, condition);
    }

    /** Like {@link #until}, for a check that takes some milliseconds of CPU time, here or of the server that it asks. */
    public static <E extends Exception> void untilRarely(String what, Duration longest, Condition<E> condition)
            throws E {
        until(what, longest, LONGEST_PAUSE_OF_RARE_NANOS, condition);
    }

    private static <E extends Exception> void until(
            String what, Duration longest, long longestPauseNanos, Condition<E> condition) throws E {
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() - begin > longest.toNanos()) {
                throw new AssertionError("waited " + longest.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, longestPauseNanos);
        }
    }
}
