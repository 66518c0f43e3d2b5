package io.pgcdc.capture;

import java.util.concurrent.TimeUnit;

/**
 * Decides how long whole transactions wait for others before they are handed over. A lone one waits for nothing. When they come one by
 * one faster than a thousand a second, each would cost a segment, a sync of the queue and a batch of every sink, more than itself; then
 * some milliseconds' worth go together. The figures are in docs/performance.md. Capture thread.
 */
final class Pace {

    /** So many one by one, in that time: more than a thousand a second. */
    private static final int MANY = 64;

    private static final long MANY_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

    private final long gatherMs;
    private boolean together;
    private int alone;
    private long aloneSinceNanos;
    private long lastNanos;

    /** @param gatherMs how long they wait for each other; 0: not at all */
    Pace(long gatherMs) {
        this.gatherMs = gatherMs;
    }

    /**
     * Nothing more can be received at once, and something is whole.
     *
     * @param transactions that are whole
     * @return for how many milliseconds to let more come; 0: hand over what there is
     */
    long hold(int transactions, long nowNanos) {
        if (!together) {
            handOneOver(nowNanos);
        } else if (nowNanos - lastNanos < TimeUnit.MILLISECONDS.toNanos(gatherMs)) {
            return gatherMs;
        } else if (transactions < gatherMs / 2) {
            together = false; // some five hundred a second can go alone
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
