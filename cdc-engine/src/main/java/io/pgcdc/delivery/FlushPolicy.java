package io.pgcdc.delivery;

import java.util.concurrent.TimeUnit;

/**
 * Decides when to flush a sink that accepts batches: a single batch at once; under load, when the oldest has waited for the linger time. All
 * times are nanoseconds of one clock. One thread.
 */
final class FlushPolicy {

    /** Shortest interval of flushes, because each is a commit and a wait for the target's disk. */
    static final long BETWEEN_FLUSHES_MS = 20;

    private final long lingerMs;

    /** True if accepted changes wait for a flush, since {@link #acceptedNanos}. */
    private boolean waits;

    private long acceptedNanos;
    private long lastFlushNanos;

    FlushPolicy(long lingerMs, long nowNanos) {
        this.lingerMs = lingerMs;
        this.lastFlushNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(BETWEEN_FLUSHES_MS);
    }

    /**
     * Returns true if a flush is due even if more batches may wait. Call it after each batch.
     *
     * @param accepted true if accepted changes wait for a flush
     */
    boolean isDue(boolean accepted, long nowNanos) {
        if (!accepted) {
            waits = false;
        } else if (!waits) {
            waits = true;
            acceptedNanos = nowNanos;
        } else {
            return nowNanos - acceptedNanos >= TimeUnit.MILLISECONDS.toNanos(lingerMs);
        }
        return false;
    }

    /**
     * Returns the milliseconds until a flush if no further batch arrives; 0 or less: flush now. Batches that arrive one by one then share a
     * flush.
     */
    long msUntilDue(long nowNanos) {
        return Math.min(lingerMs, BETWEEN_FLUSHES_MS) - TimeUnit.NANOSECONDS.toMillis(nowNanos - lastFlushNanos);
    }

    /** Notes a flush. Call it before each one. */
    void flushing(long nowNanos) {
        waits = false;
        lastFlushNanos = nowNanos;
    }

    /** Notes that the accepted changes are lost, so that none waits for a flush. */
    void forget() {
        waits = false;
    }
}
