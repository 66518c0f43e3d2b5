package io.pgcdc.capture;

import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.ChunkFrame;
import io.pgcdc.queue.ChunkMarks;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.TransactionScan;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends chunks of a snapshot to the queue, each whole: its segments follow each other. Numbers the rows. Call it only while no transaction
 * is open in the queue. Capture thread.
 */
public final class ChunkWriter {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final Layouts layouts;
    private final int targetBytes;
    private final int targetChanges;
    private final int epoch;
    private final SegmentBuilder builder = new SegmentBuilder();
    private final byte[] scratch = new byte[RelationVersionFrame.LENGTH];

    /** LSN of the last chunk, and the number of the next row there. */
    private long readLsn;

    private long nextNumber;
    private long lastIndex;

    /**
     * Continues after the queue's end.
     *
     * @param last the last rows of a snapshot in the queue; null: there are none
     */
    public ChunkWriter(
            SegmentStore store,
            QueueProgress progress,
            Layouts layouts,
            int targetBytes,
            int targetChanges,
            int epoch,
            TransactionScan.@Nullable Reads last) {
        this.store = store;
        this.progress = progress;
        this.layouts = layouts;
        this.targetBytes = targetBytes;
        this.targetChanges = targetChanges;
        this.epoch = epoch;
        readLsn = last == null ? Lsn.INVALID : last.lsn();
        nextNumber = last == null ? 0 : last.nextNumber();
        lastIndex = last == null ? SegmentStore.NONE : last.index();
    }

    /**
     * Appends a chunk that has rows.
     *
     * @param lsn of the rows' positions; not before any position in the queue
     * @param timeMicros when the rows were read, in microseconds since 1970 UTC
     * @param noted is told the index of the chunk's last segment before anyone may read the chunk. A sink of a queue in memory may hand it
     *     over at once, together with what the ledger says of it. The chunk's rows may be reused then.
     */
    public void append(Chunk chunk, long lsn, long timeMicros, LongConsumer noted) {
        if (lsn != readLsn) {
            readLsn = lsn;
            nextNumber = 0;
        }
        Relation layout = layouts.intern(chunk.relation());
        begin(chunk, layout);
        ChunkRows rows = chunk.rows();
        int from = 0;
        for (int row = 0; row < rows.count(); row++) {
            if (row > from && (builder.framesBytes() + rows.length(row) > targetBytes || row - from >= targetChanges)) {
                seal(chunk, from, row, timeMicros);
                store.append(builder);
                from = row;
                begin(chunk, layout);
            }
            builder.addFrame(0, rows.array(), rows.offset(row), rows.length(row));
        }
        seal(chunk, from, rows.count(), timeMicros);
        // a chunk is not a commit: the last commit LSN does not move
        lastIndex = store.append(builder);
        int count = rows.count();
        nextNumber += count;
        noted.accept(lastIndex);
        progress.appended(lastIndex, Lsn.INVALID, Lsn.INVALID);
        progress.captured().add(count);
    }

    /** Returns the index of the last segment of the last chunk in the queue; {@link SegmentStore#NONE}: none is known. */
    public long lastIndex() {
        return lastIndex;
    }

    /** Returns the index of the last segment in the queue; {@link SegmentStore#NONE}: there is none. */
    long queueEnd() {
        return store.lastIndex();
    }

    private void begin(Chunk chunk, Relation layout) {
        builder.begin();
        // in each segment: a sink may begin with any of them
        ChunkFrame.add(builder, chunk.label());
        RelationVersionFrame.add(builder, 0, layout.oid(), layout.version(), scratch);
    }

    private void seal(Chunk chunk, int fromRow, int toRow, long timeMicros) {
        boolean first = fromRow == 0;
        boolean last = toRow == chunk.rows().count();
        builder.flags(ChunkMarks.ofSegment(chunk.marks(), first, last));
        builder.epoch(epoch);
        builder.xid(chunk.number());
        builder.firstCommitLsn(readLsn);
        builder.lastCommitLsn(readLsn);
        builder.commitTimeMicros(timeMicros);
        builder.firstOrdinal(Position.FIRST_READ_ORDINAL + nextNumber + fromRow);
        builder.changeCount(toRow - fromRow);
        builder.seal(kind(first, last));
    }

    private static SegmentKind kind(boolean first, boolean last) {
        if (first) {
            return last ? SegmentKind.CHUNK : SegmentKind.CHUNK_FIRST;
        }
        return last ? SegmentKind.CHUNK_LAST : SegmentKind.CHUNK_MIDDLE;
    }
}
