package io.pgcdc.snapshot;

import io.pgcdc.capture.KeyedChange;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.model.Relation;
import io.pgcdc.queue.ChunkFrame;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.RelationVersionFrame;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the ledger to the end of the queue. It may lack what came after capture's last checkpoint, because the process ended. One thread. */
final class LedgerRecovery {

    private final Layouts layouts;
    private final Ledger ledger;
    private final KeyedChange change = new KeyedChange();
    private final Map<Integer, Relation> relations = new HashMap<>();

    private final TransactionRows transaction;

    /** What the open chunk holds; null: no chunk is open. */
    private @Nullable ChunkLabel chunk;

    private LedgerRecovery(Layouts layouts, Ledger ledger) {
        this.layouts = layouts;
        this.ledger = ledger;
        this.transaction = new TransactionRows(ledger, WindowJob.MOST_INCOMPLETE);
    }

    /**
     * Completes the ledger.
     *
     * @param fromIndex capture's checkpoint; the ledger knows all up to there
     */
    static void recover(SegmentStore store, long fromIndex, Layouts layouts, Ledger ledger) {
        LedgerRecovery recovery = new LedgerRecovery(layouts, ledger);
        SegmentView segment = new SegmentView();
        ledger.beginRecovery();
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.next(segment)) {
                recovery.segment(segment);
            }
        }
        ledger.endRecovery();
    }

    private void segment(SegmentView segment) {
        if (segment.header().kind().begins()) {
            transaction.begun();
            chunk = null;
        }
        relations.clear();
        segment.rewind();
        while (segment.nextFrame()) {
            frame(segment);
        }
        if (segment.header().kind().endsTransaction()) {
            transaction.committed(SegmentStore.NONE);
            ChunkLabel held = chunk;
            if (held != null && ledger.isOf(held)) {
                ledger.found(held.range());
            }
        }
    }

    private void frame(SegmentView segment) {
        byte[] buffer = segment.array();
        int at = segment.frameOffset();
        int length = segment.frameLength();
        if (RelationVersionFrame.is(buffer, at, length)) {
            Relation relation = layouts.byVersion(RelationVersionFrame.version(buffer, at, length));
            relations.put(relation.oid(), relation);
        } else if (ChunkFrame.is(buffer, at, length)) {
            chunk = ChunkFrame.label(buffer, at, length);
        } else if (buffer[at] == PgOutput.INSERT || buffer[at] == PgOutput.UPDATE || buffer[at] == PgOutput.DELETE) {
            row(segment, oid(buffer, at));
        }
    }

    private static int oid(byte[] buffer, int at) {
        return ByteBuffer.wrap(buffer, at + 1, Integer.BYTES).getInt();
    }

    private void row(SegmentView segment, int oid) {
        Relation relation = relations.get(oid);
        ChunkLabel held = chunk;
        boolean foreign = held != null && !ledger.isOf(held);
        // another snapshot's row may have gone to another sink
        if (relation == null || foreign || !ledger.reads(oid)) {
            return;
        }
        change.read(segment.array(), segment.frameOffset(), segment.frameLength(), segment.frameLsn(), relation);
        transaction.changed(oid, change);
    }
}
