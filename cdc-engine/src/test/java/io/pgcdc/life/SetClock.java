package io.pgcdc.life;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A clock that moves only when a test sets it. It adds no jitter. */
public final class SetClock implements Clock {

    private long nanos = 1;

    public void advanceMs(long milliseconds) {
        nanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void await(CountDownLatch latch, long milliseconds) {
        advanceMs(milliseconds);
    }

    @Override
    public long jitter(long milliseconds) {
        return milliseconds;
    }
}
