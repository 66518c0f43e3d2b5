package io.pgcdc.cli;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what is bound to come. */
final class Await {

    private static final long LONGEST_NANOS = 120_000_000_000L;

    private Await() {}

    /** @param what for the message when it does not come */
    static void until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LONGEST_NANOS) {
                throw new AssertionError("no " + what + " within two minutes");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
