package io.pgcdc.life;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Time as a run sees it, and what hangs on it. Any thread. */
public interface Clock {

    /** The machine's own. */
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

    /** As {@link System#nanoTime}: only differences mean something. */
    long nanos();

    /** Waits for so long at most, or until the latch is down. */
    void await(CountDownLatch latch, long milliseconds) throws InterruptedException;

    /** Somewhere between half of it and it. */
    long jitter(long milliseconds);
}
