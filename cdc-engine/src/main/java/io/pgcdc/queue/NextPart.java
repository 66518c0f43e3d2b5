package io.pgcdc.queue;

import io.pgcdc.model.Lsn;

/**
 * Checks that the parts of a transaction, or of a chunk, that spans segments follow each other. A part that continues another one and
 * does not follow it is damage: its transaction would lose its beginning. One thread.
 */
public final class NextPart {

    private boolean open;
    private boolean chunk;
    private int epoch;
    private int xid;
    private long commitLsn;
    private long ordinal;

    /** Notes the last segment that was read. */
    public void follows(SegmentHeader part) {
        open = !part.kind().endsTransaction();
        if (open) {
            chunk = part.kind().isChunk();
            epoch = part.epoch();
            xid = part.xid();
            commitLsn = part.lastCommitLsn();
            ordinal = part.firstOrdinal() + part.changeCount();
        }
    }

    /** Forgets the last segment: the next one comes from another place. */
    public void forget() {
        open = false;
    }

    /**
     * Checks the next segment. One that continues nothing may follow anything: it cuts the open transaction off.
     *
     * @throws io.pgcdc.error.QueueException QUEUE_DAMAGED: the segment continues another one, but not the last one
     */
    public void require(SegmentHeader found, long index) {
        if (found.kind().begins() || isNext(found)) {
            return;
        }
        throw SegmentHeader.damaged(
                "index " + SegmentIndex.toString(index),
                expected() + ", found " + found.kind() + " with ordinal " + found.firstOrdinal() + " of "
                        + Integer.toUnsignedString(found.xid()) + " at " + Lsn.toString(found.lastCommitLsn()));
    }

    private boolean isNext(SegmentHeader found) {
        return open
                && found.kind().isChunk() == chunk
                && found.epoch() == epoch
                && found.xid() == xid
                && found.lastCommitLsn() == commitLsn
                && found.firstOrdinal() == ordinal;
    }

    private String expected() {
        if (!open) {
            return "expected the beginning of a transaction";
        }
        return "expected ordinal " + ordinal + " of " + (chunk ? "chunk " : "transaction ")
                + Integer.toUnsignedString(xid) + " at " + Lsn.toString(commitLsn);
    }
}
