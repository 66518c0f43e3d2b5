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
    private final SegmentBuffer header = new SegmentBuffer();
    private final int epoch;
    private final int xid;
    private final long commitLsn;
    private long nextOrdinal;
    private Fate fate = Fate.OPEN;
    private long endIndex = SegmentStore.NONE;

    /**
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
        epoch = header.epoch();
        xid = header.xid();
        commitLsn = header.lastCommitLsn();
        nextOrdinal = header.firstOrdinal() + header.changeCount();
    }

    /**
     * Scans as far as the queue is durable.
     *
     * @throws QueueException QUEUE_DAMAGED when a part of the transaction is missing though its LAST, or a later part, is there
     */
    public Fate look() {
        while (fate == Fate.OPEN && reader.nextHeader(header)) {
            switch (header.kind()) {
                case MIDDLE -> checkContinues();
                case LAST -> {
                    checkContinues();
                    fate = Fate.COMPLETE;
                    endIndex = reader.index();
                }
                case FIRST, TRANSACTIONS, MESSAGE -> {
                    fate = Fate.CUT_OFF;
                    endIndex = reader.index();
                }
            }
        }
        return fate;
    }

    /** COMPLETE: index of its LAST. CUT_OFF: index of what begins instead, where a sink goes on. OPEN: NONE. */
    public long endIndex() {
        return endIndex;
    }

    private void checkContinues() {
        if (header.epoch() != epoch
                || header.xid() != xid
                || header.lastCommitLsn() != commitLsn
                || header.firstOrdinal() != nextOrdinal) {
            throw doesNotContinue(header, reader.index(), xid, commitLsn, nextOrdinal);
        }
        nextOrdinal += header.changeCount();
    }

    private static QueueException doesNotContinue(
            SegmentBuffer found, long index, int xid, long commitLsn, long ordinal) {
        return SegmentHeader.damaged(
                "index " + SegmentIndex.toString(index),
                "expected ordinal " + ordinal + " of transaction " + Integer.toUnsignedString(xid) + " at "
                        + Lsn.toString(commitLsn) + ", found " + found.kind() + " with ordinal "
                        + found.firstOrdinal() + " of " + Integer.toUnsignedString(found.xid()) + " at "
                        + Lsn.toString(found.lastCommitLsn()));
    }

    @Override
    public void close() {
        reader.close();
    }

    /**
     * Where the queue's last complete transaction, or message, ends.
     *
     * @param index of the segment that ends it
     * @param kind of that segment
     */
    public record End(long index, SegmentKind kind, int epoch, int xid, long commitLsn, long endLsn) {}

    /**
     * Finds the end of the last complete transaction among the durable segments, over their headers.
     *
     * @param fromIndex where to begin: a segment that ends a transaction (from the capture's checkpoint), or NONE
     * @return null when none is complete from there on
     * @throws QueueException QUEUE_DAMAGED when a MIDDLE or LAST follows that continues nothing
     */
    public static @Nullable End lastComplete(SegmentStore store, long fromIndex) {
        @Nullable End end = null;
        SegmentBuffer header = new SegmentBuffer();
        boolean open = false;
        boolean atStart = fromIndex != SegmentStore.NONE;
        int xid = 0;
        long commitLsn = 0;
        long ordinal = 0;
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.nextHeader(header)) {
                switch (header.kind()) {
                    case TRANSACTIONS, MESSAGE -> {
                        open = false;
                        end = endAt(reader.index(), header);
                    }
                    case FIRST -> {
                        open = true;
                        xid = header.xid();
                        commitLsn = header.lastCommitLsn();
                        ordinal = header.firstOrdinal() + header.changeCount();
                    }
                    case MIDDLE, LAST -> {
                        boolean last = header.kind() == SegmentKind.LAST;
                        // the checkpoint may name the LAST of a transaction whose beginning lies before it
                        boolean continues = open
                                ? header.xid() == xid
                                        && header.lastCommitLsn() == commitLsn
                                        && header.firstOrdinal() == ordinal
                                : atStart && last;
                        if (!continues) {
                            throw doesNotContinue(header, reader.index(), xid, commitLsn, ordinal);
                        }
                        ordinal += header.changeCount();
                        if (last) {
                            open = false;
                            end = endAt(reader.index(), header);
                        }
                    }
                }
                atStart = false;
            }
        }
        return end;
    }

    private static End endAt(long index, SegmentBuffer header) {
        return new End(
                index, header.kind(), header.epoch(), header.xid(), header.lastCommitLsn(), header.lastCommitEndLsn());
    }
}
