package io.pgcdc.sinks.postgres.inbox;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until rows of the outbox are visible on the source, up to 1 s: a synchronous standby usually takes less. After a wait that ran out
 * of time, later calls try once, without a wait, until one succeeds. For one thread.
 */
final class Patience {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private boolean patient = true;

    /**
     * Tries until it succeeds.
     *
     * @param attempt marks rows; returns true if none is left
     * @param outOfTime runs if this call has waited in vain
     * @return true if no row is left
     */
    boolean tryUntilDone(BooleanSupplier attempt, Runnable outOfTime) {
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!attempt.getAsBoolean()) {
            if (!patient || Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (System.nanoTime() - begin > LONGEST_WAIT_NANOS) {
                patient = false;
                outOfTime.run();
                return false;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        patient = true;
        return true;
    }
}
