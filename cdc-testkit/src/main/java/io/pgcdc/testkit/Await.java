package io.pgcdc.testkit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, not for time. */
public final class Await {

    private static final long DEADLINE_S = 120;

    private Await() {}

    /** @param <E> what asking may throw */
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    /** Returns once the condition holds; an AssertionError names it when it does not in two minutes. */
    public static <E extends Exception> void until(String what, Condition<E> condition) throws E {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(DEADLINE_S)) {
                throw new AssertionError("waited " + DEADLINE_S + " s for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
