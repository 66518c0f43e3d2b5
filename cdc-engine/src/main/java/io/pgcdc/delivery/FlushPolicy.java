package io.pgcdc.delivery;

import java.util.concurrent.TimeUnit;

/**
 * Decides when to flush a sink that accepts batches: a lone batch at once; under load, when the oldest has waited for the linger time. All
 * times are of one clock, in nanoseconds. One thread.
 */
final class FlushPolicy {

    /** Each flush is a commit, and a wait for the target's disk. */
    static final long BETWEEN_FLUSHES_MS = 20;

    private final long lingerMs;

    /** Something accepted waits to be flushed, since {@link #acceptedNanos}. */
    private boolean waits;

    private long acceptedNanos;
    private long lastFlushNanos;

    FlushPolicy(long lingerMs, long nowNanos) {
        this.lingerMs = lingerMs;
        this.lastFlushNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(BETWEEN_FLUSHES_MS);
    }

    /**
     * Returns whether to flush although more batches may wait. To be called after each batch.
     *
     * @param accepted whether something waits to be flushed
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

    /** Returns after how many milliseconds to flush if no further batch comes; 0 or less: now. While more come one by one, several go together. */
    long msUntilDue(long nowNanos) {
        return Math.min(lingerMs, BETWEEN_FLUSHES_MS) - TimeUnit.NANOSECONDS.toMillis(nowNanos - lastFlushNanos);
    }

    /** Counts a flush, just before it. */
    void flushing(long nowNanos) {
        waits = false;
        lastFlushNanos = nowNanos;
    }

    /** Forgets what waits: it was lost. */
    void forget() {
        waits = false;
    }
}
