package io.pgcdc.capture;

import java.util.concurrent.TimeUnit;

/**
 * Decides how long whole transactions wait for others before they go to the queue. A single one does not wait. If each had its own segment,
 * sync of the queue and batch in every sink, these would cost more than the transaction. So when more than a thousand a second arrive one by
 * one, the transactions of some milliseconds share the costs. The figures are in docs/explanation/performance.md. Capture thread.
 */
final class Pace {

    /** This many single transactions in MANY_NANOS are a thousand a second. */
    private static final int MANY = 64;

    private static final long MANY_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

    private final long gatherMs;
    private boolean together;
    private int alone;
    private long aloneSinceNanos;
    private long lastNanos;

    /**
     * Begins without waiting.
     *
     * @param gatherMs the longest wait for other transactions; 0: never wait
     */
    Pace(long gatherMs) {
        this.gatherMs = gatherMs;
    }

    /**
     * Returns how long to wait for more transactions. Call it when the socket is empty and at least one transaction is whole.
     *
     * @param transactions number of whole transactions
     * @return milliseconds to wait; 0: store them at once
     */
    long hold(int transactions, long nowNanos) {
        if (!together) {
            handOneOver(nowNanos);
        } else if (nowNanos - lastNanos < TimeUnit.MILLISECONDS.toNanos(gatherMs)) {
            return gatherMs;
        } else if (transactions < gatherMs / 2) {
            together = false; // about five hundred a second are cheap enough one by one
        }
        lastNanos = nowNanos;
        return 0;
    }

    private void handOneOver(long nowNanos) {
        if (++alone >= MANY) {
            together = gatherMs > 0 && nowNanos - aloneSinceNanos < MANY_NANOS;
            aloneSinceNanos = nowNanos;
            alone = 0;
        }
    }
}
