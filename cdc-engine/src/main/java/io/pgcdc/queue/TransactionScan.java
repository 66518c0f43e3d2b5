package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Looks ahead, over headers alone, at a transaction that spans segments: is it all there? A crash or a lost connection cuts one
 * off; the server then repeats it from its beginning, so what follows in the queue is another FIRST (of the same transaction or not),
 * whole transactions, or a message. Goes on where it stopped, so waiting for a long transaction costs each header once.
 *
 * <p>Belongs to one thread.
 */
public final class TransactionScan implements AutoCloseable {

    /** What became of the transaction. */
    public enum Fate {
        /** Its LAST is there, and everything between. */
        COMPLETE,
        /** Something else begins before its LAST: skip it, nothing of it may be delivered. */
        CUT_OFF,
        /** The queue ends within it: ask again when more is durable. */
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
     * @throws IllegalArgumentException when there is no FIRST at that index
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
     * Scans as far as the queue is durable.
     *
     * @throws QueueException QUEUE_DAMAGED when a part of the transaction is missing though its LAST, or a later part, is there
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

    /** COMPLETE: index of its LAST. CUT_OFF: index of what begins instead, where a sink goes on. OPEN: NONE. */
    public long endIndex() {
        return endIndex;
    }

    @Override
    public void close() {
        reader.close();
    }

    /**
     * The end of the queue's last complete transaction, or message.
     *
     * @param index of the segment that ends it
     * @param kind of that segment
     */
    public record End(long index, SegmentKind kind, int epoch, int xid, long commitLsn, long endLsn) {}

    /**
     * Finds the end of the last complete transaction among the durable segments. Reads their headers only.
     *
     * @param fromIndex where to begin: a segment that ends a transaction (from the capture's checkpoint), or NONE
     * @return null when none is complete from there on
     * @throws QueueException QUEUE_DAMAGED when a MIDDLE or LAST follows that continues nothing
     */
    public static @Nullable End lastComplete(SegmentStore store, long fromIndex) {
        @Nullable End end = null;
        SegmentHeader header = new SegmentHeader();
        NextPart nextPart = new NextPart();
        boolean atCheckpoint = fromIndex != SegmentStore.NONE;
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.nextHeader(header)) {
                SegmentKind kind = header.kind();
                // the checkpoint may name the LAST of a transaction whose beginning lies before it
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
