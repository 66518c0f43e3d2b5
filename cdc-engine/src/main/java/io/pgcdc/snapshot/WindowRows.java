package io.pgcdc.snapshot;

import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.KeyedChange;
import io.pgcdc.capture.RowKey;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ChunkLabel;
import io.pgcdc.queue.ReconcileFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chunks that windows become, and the keys of their rows. Not thread-safe: one row is looked at in place. */
final class WindowRows {

    private final Ledger ledger;

    /** A row of a chunk. */
    private final KeyedChange stored = new KeyedChange();

    WindowRows(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Returns the chunk of a window: its rows, or the marker that the query stands for. */
    Chunk chunk(OpenWindow window) {
        SnapshotTable table = window.query.table();
        ChunkLabel label = ledger.order().label(window.query);
        if (window.query instanceof ChunkReconcile marker) {
            byte[] frame = ReconcileFrame.of(table.oid(), marker.begins());
            window.rows.add(frame, frame.length);
            return Chunk.marker(window.number, table.layout(), label, window.rows);
        }
        return new Chunk(window.number, table.layout(), label, window.rows);
    }

    /** Returns the key of the last row; null if there is no row. */
    @Nullable
    RowKey lastKey(SnapshotTable table, ChunkRows rows) {
        @Nullable RowKey[] last = new @Nullable RowKey[1];
        rows.last((buffer, offset, length) -> last[0] = key(table, buffer, offset, length));
        return last[0];
    }

    /** Returns the rows that are on the ledger's list of incomplete ones. */
    List<RowKey> whole(SnapshotTable table, ChunkRows rows) {
        if (!ledger.hasIncomplete(table.oid())) {
            return List.of();
        }
        List<RowKey> whole = new ArrayList<>();
        rows.forEach((buffer, offset, length) -> {
            RowKey row = key(table, buffer, offset, length);
            if (row != null && ledger.isIncomplete(table.oid(), row)) {
                whole.add(row);
            }
        });
        return whole;
    }

    private @Nullable RowKey key(SnapshotTable table, byte[] buffer, int offset, int length) {
        return stored.read(buffer, offset, length, Lsn.INVALID, table.layout()).newKey();
    }
}
