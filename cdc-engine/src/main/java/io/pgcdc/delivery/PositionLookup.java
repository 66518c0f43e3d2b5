package io.pgcdc.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;

/** Finds where in the queue the changes after a position begin. Reads the segments' headers only. One thread. */
public final class PositionLookup {

    private final SegmentStore store;
    private final QueueProgress.Mark end;
    private final long resumeLsn;
    private final SegmentHeader header = new SegmentHeader();

    /**
     * Reads nothing yet.
     *
     * @param end of the queue
     * @param resumeLsn where the stream continues
     */
    public PositionLookup(SegmentStore store, QueueProgress.Mark end, long resumeLsn) {
        this.store = store;
        this.end = end;
        this.resumeLsn = resumeLsn;
    }

    /**
     * Returns the checkpoint of a sink that has everything up to the position. The checkpoint's segment may also hold earlier changes; the
     * caller must leave them out.
     *
     * @param who the sink and its wish, for the message
     * @param remedy for the message
     * @throws QueueException QUEUE_SEGMENT_RELEASED: the queue begins after the position, or inside the next transaction
     */
    public SinkCheckpoint after(Position position, String who, String remedy) {
        // every earlier commit ends at or before the position's LSN; what else is there may come later
        long endLsn = position.commitLsn() == Lsn.INVALID ? Lsn.INVALID : position.commitLsn() - 1;
        long firstPart = SegmentStore.NONE;
        boolean isFirst = true;
        // what is missing, if the queue begins with the rest of a transaction: it may be stored again from its
        // beginning
        String missing = null;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                boolean begins = header.kind().begins();
                if (missing != null && !begins) {
                    continue;
                }
                Position first = new Position(header.epoch(), header.firstCommitLsn(), header.firstOrdinal());
                if ((isFirst || missing != null) && position.compareTo(first) < 0) {
                    missing = missing == null ? first.toString() : missing;
                    if (begins) {
                        throw released(who, missing, remedy);
                    }
                    continue;
                }
                isFirst = false;
                missing = null;
                if (begins) {
                    firstPart = reader.index();
                }
                if (holdsLater(position)) {
                    if (firstPart != SegmentStore.NONE) {
                        return new SinkCheckpoint(firstPart, position, endLsn);
                    }
                    missing = "within the transaction at " + Lsn.toString(header.lastCommitLsn());
                } else if (header.kind().endsTransaction() && header.epoch() == position.epoch()) {
                    endLsn = Lsn.max(endLsn, header.lastCommitEndLsn());
                }
            }
        }
        if (missing != null) {
            throw released(who, missing, remedy);
        }
        if (isFirst
                && Lsn.compare(position.commitLsn(), resumeLsn) < 0
                && Lsn.compare(position.commitLsn(), end.commitLsn()) != 0) {
            throw released(who, "LSN " + Lsn.toString(resumeLsn), remedy);
        }
        long next = end.index() == SegmentStore.NONE ? SegmentStore.NONE : end.index() + 1;
        return new SinkCheckpoint(next, position, end.endLsn());
    }

    private QueueException released(String who, String first, String remedy) {
        return new QueueException(
                ErrorCode.QUEUE_SEGMENT_RELEASED,
                who + ": the queue holds only changes from " + first + " on; " + store + ". " + remedy);
    }

    /**
     * Returns true if the segment may hold a change after the position. The header of a segment with several transactions does not tell the
     * last one's ordinals.
     */
    private boolean holdsLater(Position position) {
        long lastOrdinal = header.kind() == SegmentKind.TRANSACTIONS
                ? Long.MAX_VALUE
                : header.firstOrdinal() + header.changeCount() - 1;
        return new Position(header.epoch(), header.lastCommitLsn(), lastOrdinal).compareTo(position) > 0;
    }
}
