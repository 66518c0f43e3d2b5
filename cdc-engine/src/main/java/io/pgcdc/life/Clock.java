package io.pgcdc.life;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The time of a run, and waits that depend on it. Any thread. */
public interface Clock {

    /** The machine's clock. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void await(CountDownLatch latch, long milliseconds) throws InterruptedException {
            boolean unused = latch.await(milliseconds, TimeUnit.MILLISECONDS);
        }

        @Override
        public long jitter(long milliseconds) {
            return milliseconds / 2 + ThreadLocalRandom.current().nextLong(milliseconds / 2 + 1);
        }
    };

    /** Returns nanoseconds like {@link System#nanoTime}: use only differences. */
    long nanos();

    /** Waits until the latch is at zero or the time has passed. */
    void await(CountDownLatch latch, long milliseconds) throws InterruptedException;

    /** Returns a time between half of it and all of it. */
    long jitter(long milliseconds);
}
