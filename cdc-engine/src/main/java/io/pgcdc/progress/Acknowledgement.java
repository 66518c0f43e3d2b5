package io.pgcdc.progress;

import io.pgcdc.model.Lsn;

/**
 * The one owner of the flush LSN, which is what the server may forget. It only grows: to the end of a commit that is safe, or to a
 * keepalive's position once every commit that was received before that keepalive is safe. Capture thread, but for {@link #seenFlushLsn} and
 * {@link #seenReceivedLsn}.
 */
public final class Acknowledgement {

    private long flushLsn;
    private long receivedEndLsn;
    private long quietLsn;
    private long quietNeeds;

    /** What other threads see, as of the last look. */
    private volatile long seenFlushLsn;

    private volatile long seenReceivedLsn;

    /**
     * Starts where the last run ended.
     *
     * @param flushLsn what was acknowledged
     * @param receivedEndLsn end of the last commit that the queue holds
     */
    public Acknowledgement(long flushLsn, long receivedEndLsn) {
        this.flushLsn = flushLsn;
        // a keepalive may have moved the flush LSN past the last commit: no sink will ever be safe up to there
        this.receivedEndLsn = receivedEndLsn;
        this.quietNeeds = receivedEndLsn;
        show();
    }

    /** A commit with changes, or a message of its own, was received; it must become safe before anything behind it is acknowledged. */
    public void committed(long endLsn) {
        receivedEndLsn = Lsn.max(receivedEndLsn, endLsn);
    }

    /** The stream holds nothing for us between the last commit and {@code lsn}: a keepalive, or a transaction without changes. */
    public void quietUntil(long lsn) {
        if (Lsn.compare(lsn, quietLsn) > 0) {
            quietLsn = lsn;
            quietNeeds = receivedEndLsn;
        }
    }

    /**
     * What may be acknowledged now.
     *
     * @param safeEndLsn end of the last commit that is safe by the confirm policy
     */
    public long flushLsn(long safeEndLsn) {
        flushLsn = Lsn.max(flushLsn, Lsn.min(safeEndLsn, receivedEndLsn));
        if (Lsn.compare(safeEndLsn, quietNeeds) >= 0) {
            flushLsn = Lsn.max(flushLsn, quietLsn);
        }
        show();
        return flushLsn;
    }

    /** Not at each commit: a volatile write costs as much as taking in a small transaction's head. */
    private void show() {
        seenFlushLsn = flushLsn;
        seenReceivedLsn = receivedLsn();
    }

    /** The flush LSN when it was last asked for. Any thread. */
    public long seenFlushLsn() {
        return seenFlushLsn;
    }

    /** {@link #receivedLsn} when the flush LSN was last asked for. Any thread. */
    public long seenReceivedLsn() {
        return seenReceivedLsn;
    }

    /** The furthest that was received, for the server's statistics. */
    public long receivedLsn() {
        return Lsn.max(flushLsn, Lsn.max(receivedEndLsn, quietLsn));
    }

    /** End of the last commit, or of the last message of its own, that was received. */
    public long receivedCommitLsn() {
        return receivedEndLsn;
    }

    /** Whether something received still waits to be safe. */
    public boolean pending(long safeEndLsn) {
        return Lsn.compare(safeEndLsn, receivedEndLsn) < 0;
    }
}
