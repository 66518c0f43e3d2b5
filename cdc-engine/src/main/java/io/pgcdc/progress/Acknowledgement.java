package io.pgcdc.progress;

import io.pgcdc.model.Lsn;

/**
 * Owns the flush LSN: the server may forget all WAL before it. The flush LSN only grows. It moves to the end of a safe commit, or to a
 * keepalive's position when all commits received before that keepalive are safe. Capture thread, except {@link #seenFlushLsn} and
 * {@link #seenReceivedLsn}.
 */
public final class Acknowledgement {

    private long flushLsn;
    private long receivedEndLsn;
    private long quietLsn;
    private long quietNeeds;

    /** Copies for other threads, made by {@link #show}. */
    private volatile long seenFlushLsn;

    private volatile long seenReceivedLsn;

    /**
     * Continues from the last run.
     *
     * @param flushLsn the last acknowledged LSN
     * @param receivedEndLsn end of the last commit in the queue
     */
    public Acknowledgement(long flushLsn, long receivedEndLsn) {
        this.flushLsn = flushLsn;
        // not the flush LSN: a keepalive may have moved that past the last commit, where no sink will ever be
        this.receivedEndLsn = receivedEndLsn;
        this.quietNeeds = receivedEndLsn;
        show();
    }

    /**
     * Notes that a commit with changes, or a message outside any transaction, was received. Nothing after it is acknowledged before it is
     * safe.
     */
    public void committed(long endLsn) {
        receivedEndLsn = Lsn.max(receivedEndLsn, endLsn);
    }

    /** Notes that the stream has no change between the last commit and {@code lsn}: a keepalive or an empty transaction says so. */
    public void quietUntil(long lsn) {
        if (Lsn.compare(lsn, quietLsn) > 0) {
            quietLsn = lsn;
            quietNeeds = receivedEndLsn;
        }
    }

    /**
     * Returns the LSN that may be acknowledged.
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

    /** Updates the copies. Not called at each commit: a volatile write costs as much as taking in a small transaction's head. */
    private void show() {
        seenFlushLsn = flushLsn;
        seenReceivedLsn = receivedLsn();
    }

    /** Returns the last result of {@link #flushLsn}. Any thread. */
    public long seenFlushLsn() {
        return seenFlushLsn;
    }

    /** Returns {@link #receivedLsn} as of the last call of {@link #flushLsn}. Any thread. */
    public long seenReceivedLsn() {
        return seenReceivedLsn;
    }

    /** Returns the greatest LSN received, for the server's statistics. */
    public long receivedLsn() {
        return Lsn.max(flushLsn, Lsn.max(receivedEndLsn, quietLsn));
    }

    /** Returns the end of the last commit, or of the last message outside any transaction, that was received. */
    public long receivedCommitLsn() {
        return receivedEndLsn;
    }

    /** Returns true if a received commit is not safe yet. */
    public boolean pending(long safeEndLsn) {
        return Lsn.compare(safeEndLsn, receivedEndLsn) < 0;
    }
}
