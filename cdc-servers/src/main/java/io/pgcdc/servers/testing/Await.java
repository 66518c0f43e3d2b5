package io.pgcdc.servers.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, not for time. */
public final class Await {

    /** Of what is not said to take longer. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Between two questions at first, and doubled until it is the longest: asking takes from those who are waited for. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(32);

    private Await() {}

    /** @param <E> what asking may throw */
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    /** Returns once the condition holds; an AssertionError names it when it does not in half a minute. */
    public static <E extends Exception> void until(String what, Condition<E> condition) throws E {
        until(what, DEADLINE, condition);
    }

    /** The same, of what may take longer. */
    public static <E extends Exception> void until(String what, Duration longest, Condition<E> condition) throws E {
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() - begin > longest.toNanos()) {
                throw new AssertionError("waited " + longest.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }
}
