package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what a run reads of a snapshot. One thread at a time. */
final class ReadCount {

    private final Ledger ledger;
    private final List<SnapshotTable> tables;
    private final long begunNanos;
    private final long blocksBefore;
    private long rows;
    private long bytes;
    private @Nullable SnapshotProgress end;

    /**
     * Begins at zero.
     *
     * @param ledger knows what is done of the tables
     * @param tables that are read
     */
    ReadCount(Ledger ledger, List<SnapshotTable> tables, long nowNanos) {
        this.ledger = ledger;
        this.tables = tables.stream().filter(table -> ledger.reads(table.oid())).toList();
        begunNanos = nowNanos;
        blocksBefore = blocksDone();
    }

    /** Nothing is left: the ledger then knows no file any more. */
    void finished(long nowNanos) {
        SnapshotProgress now = progress(nowNanos);
        end = new SnapshotProgress(
                now.tables(), now.tables(), now.blocks(), now.blocks(), now.blocksBefore(), rows, bytes, now.nanos());
    }

    void read(ChunkRows chunk) {
        rows += chunk.count();
        bytes += chunk.bytes();
    }

    private long blocksDone() {
        return tables.stream()
                .flatMap(table -> table.files().stream())
                .mapToLong(file -> ledger.blocksDone(file))
                .sum();
    }

    SnapshotProgress progress(long nowNanos) {
        SnapshotProgress last = end;
        if (last != null) {
            return last;
        }
        return new SnapshotProgress(
                tables.size(),
                (int) tables.stream()
                        .filter(table -> ledger.isWhole(table.oid()) && !ledger.hasIncomplete(table.oid()))
                        .count(),
                tables.stream().mapToLong(SnapshotTable::blocks).sum(),
                blocksDone(),
                blocksBefore,
                rows,
                bytes,
                nowNanos - begunNanos);
    }
}
