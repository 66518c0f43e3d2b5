package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Looks ahead at a transaction that spans segments, and tells if all its parts are there. Reads headers only.
 *
 * <p>A crash or a lost connection cuts a transaction off. The server then sends it again from its beginning. So the next segment in the
 * queue is a FIRST (of the same transaction or of another), whole transactions, or a message. Each call continues where the last one
 * stopped, so that it reads each header once.
 *
 * <p>Belongs to one thread.
 */
public final class TransactionScan implements AutoCloseable {

    /** State of the transaction. */
    public enum Fate {
        /** All parts are there, through its LAST. */
        COMPLETE,
        /** Another segment begins before its LAST. Skip the transaction; deliver no part of it. */
        CUT_OFF,
        /** The queue ends inside it. Ask again when more is durable. */
        OPEN
    }

    private final SegmentReader reader;
    private final SegmentHeader header = new SegmentHeader();
    private final NextPart nextPart = new NextPart();
    private Fate fate = Fate.OPEN;
    private long endIndex = SegmentStore.NONE;

    /**
     * Begins after the transaction's first part.
     *
     * @param firstIndex index of a durable segment of kind FIRST
     * @throws IllegalArgumentException there is no FIRST at that index
     */
    public TransactionScan(SegmentStore store, long firstIndex) {
        reader = store.reader(firstIndex);
        try {
            if (!reader.nextHeader(header) || reader.index() != firstIndex || header.kind() != SegmentKind.FIRST) {
                throw new IllegalArgumentException("no transaction begins at index " + firstIndex);
            }
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        nextPart.follows(header);
    }

    /**
     * Scans to the end of the durable queue.
     *
     * @throws QueueException QUEUE_DAMAGED: a part of the transaction is missing although a later part is there
     */
    public Fate look() {
        while (fate == Fate.OPEN && reader.nextHeader(header)) {
            SegmentKind kind = header.kind();
            if (kind.begins()) {
                fate = Fate.CUT_OFF;
                endIndex = reader.index();
                return fate;
            }
            nextPart.require(header, reader.index());
            nextPart.follows(header);
            if (kind.endsTransaction()) {
                fate = Fate.COMPLETE;
                endIndex = reader.index();
            }
        }
        return fate;
    }

    /** Returns, if COMPLETE, the index of its LAST; if CUT_OFF, the index of the next segment, where a sink continues; if OPEN, NONE. */
    public long endIndex() {
        return endIndex;
    }

    @Override
    public void close() {
        reader.close();
    }

    /**
     * The end of the queue's last complete transaction or message.
     *
     * @param index of the segment that ends it
     * @param kind of that segment
     */
    public record End(long index, SegmentKind kind, int epoch, int xid, long commitLsn, long endLsn) {}

    /**
     * Finds the end of the last complete transaction in the durable segments. Reads their headers only.
     *
     * @param fromIndex where to begin: a segment that ends a transaction (from capture's checkpoint), or NONE
     * @return null if no transaction is complete from there on
     * @throws QueueException QUEUE_DAMAGED: a MIDDLE or LAST continues no transaction
     */
    public static @Nullable End lastComplete(SegmentStore store, long fromIndex) {
        @Nullable End end = null;
        SegmentHeader header = new SegmentHeader();
        NextPart nextPart = new NextPart();
        boolean atCheckpoint = fromIndex != SegmentStore.NONE;
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.nextHeader(header)) {
                SegmentKind kind = header.kind();
                // the checkpoint may name a LAST: the transaction's other parts are before it
                if (kind.continues() && !(atCheckpoint && kind.endsTransaction())) {
                    nextPart.require(header, reader.index());
                }
                if (kind.endsTransaction()) {
                    nextPart.none();
                    end = endAt(reader.index(), header);
                } else {
                    nextPart.follows(header);
                }
                atCheckpoint = false;
            }
        }
        return end;
    }

    private static End endAt(long index, SegmentHeader header) {
        return new End(
                index, header.kind(), header.epoch(), header.xid(), header.lastCommitLsn(), header.lastCommitEndLsn());
    }

    /** The part of an open transaction that must come next. */
    private static final class NextPart {

        private boolean open;
        private int epoch;
        private int xid;
        private long commitLsn;
        private long ordinal;

        void follows(SegmentHeader part) {
            open = true;
            epoch = part.epoch();
            xid = part.xid();
            commitLsn = part.lastCommitLsn();
            ordinal = part.firstOrdinal() + part.changeCount();
        }

        void none() {
            open = false;
        }

        void require(SegmentHeader found, long index) {
            if (open
                    && found.epoch() == epoch
                    && found.xid() == xid
                    && found.lastCommitLsn() == commitLsn
                    && found.firstOrdinal() == ordinal) {
                return;
            }
            throw SegmentHeader.damaged(
                    "index " + SegmentIndex.toString(index),
                    "expected ordinal " + ordinal + " of transaction " + Integer.toUnsignedString(xid) + " at "
                            + Lsn.toString(commitLsn) + ", found " + found.kind() + " with ordinal "
                            + found.firstOrdinal() + " of " + Integer.toUnsignedString(found.xid()) + " at "
                            + Lsn.toString(found.lastCommitLsn()));
        }
    }
}
