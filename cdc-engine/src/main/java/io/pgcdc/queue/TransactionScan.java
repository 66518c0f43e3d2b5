package io.pgcdc.queue;

import io.pgcdc.error.QueueException;
import io.pgcdc.model.Position;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks ahead at a transaction that spans segments, and tells if all its parts are there. Reads headers only. A chunk of a snapshot
 * that spans segments counts as a transaction here.
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
     * @param firstIndex index of a durable segment of kind FIRST or CHUNK_FIRST
     * @throws IllegalArgumentException there is no FIRST at that index
     */
    public TransactionScan(SegmentStore store, long firstIndex) {
        this(store::reader, firstIndex);
    }

    /**
     * Begins after the transaction's first part.
     *
     * @param readers opens a reader at an index; the scan closes it
     * @param firstIndex index of a segment of kind FIRST or CHUNK_FIRST
     * @throws IllegalArgumentException there is no FIRST at that index
     */
    public TransactionScan(LongFunction<SegmentReader> readers, long firstIndex) {
        reader = readers.apply(firstIndex);
        try {
            if (!reader.nextHeader(header) || reader.index() != firstIndex || !begins(header.kind())) {
                throw new IllegalArgumentException("no transaction begins at index " + firstIndex);
            }
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        nextPart.follows(header);
    }

    private static boolean begins(SegmentKind kind) {
        return kind.begins() && !kind.endsTransaction();
    }

    /**
     * Scans to the end of the durable queue.
     *
     * @throws QueueException QUEUE_DAMAGED: a part of the transaction is missing although a later part is there
     */
    public Fate look() {
        while (fate == Fate.OPEN && reader.nextHeader(header)) {
            if (header.kind().begins()) {
                fate = Fate.CUT_OFF;
                endIndex = reader.index();
                return fate;
            }
            nextPart.require(header, reader.index());
            nextPart.follows(header);
            if (header.kind().endsTransaction()) {
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
     * The end of the queue's last complete transaction, chunk or message.
     *
     * @param index of the segment that ends it
     * @param commit the last commit or message; null: there are only chunks of a snapshot
     * @param reads the last rows of a snapshot; null: there are none
     */
    public record End(
            long index,
            int epoch,
            @Nullable Commit commit,
            @Nullable Reads reads) {}

    /**
     * A commit, or a message outside a transaction.
     *
     * @param lsn commit LSN; of a message, its own
     * @param endLsn LSN after the commit; of a message, its own
     */
    public record Commit(SegmentKind kind, long lsn, long endLsn) {}

    /**
     * Rows of snapshots at one LSN.
     *
     * @param index of the segment that ends the last of them
     * @param nextNumber number of the next row there: one more than the last one's
     */
    public record Reads(long index, long lsn, long nextNumber) {}

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
                // the checkpoint may name a LAST: the transaction's other parts are before it
                if (!(atCheckpoint && header.kind().endsTransaction())) {
                    nextPart.require(header, reader.index());
                }
                nextPart.follows(header);
                if (header.kind().endsTransaction()) {
                    end = endAt(reader.index(), header, end);
                }
                atCheckpoint = false;
            }
        }
        return end;
    }

    private static End endAt(long index, SegmentHeader header, @Nullable End before) {
        // LSNs of different epochs cannot be compared
        End same = before != null && before.epoch() == header.epoch() ? before : null;
        Commit commit = same == null ? null : same.commit();
        Reads reads = same == null ? null : same.reads();
        if (header.kind().isChunk()) {
            long next = header.firstOrdinal() + header.changeCount() - Position.FIRST_READ_ORDINAL;
            reads = new Reads(index, header.lastCommitLsn(), next);
        } else {
            commit = new Commit(header.kind(), header.lastCommitLsn(), header.lastCommitEndLsn());
        }
        return new End(index, header.epoch(), commit, reads);
    }
}
