package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import java.util.List;
import java.util.Set;
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
    private Set<Integer> waitsFor = Set.of();

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
                now.tables(),
                now.tables(),
                now.blocks(),
                now.blocks(),
                now.blocksBefore(),
                rows,
                bytes,
                now.nanos(),
                Set.of());
    }

    /** Notes that a chunk is read again, because it does not show what these transactions do. */
    void waits(Set<Integer> transactions) {
        waitsFor = transactions;
    }

    void read(ChunkRows chunk) {
        waitsFor = Set.of();
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
        Set<Integer> left = ledger.unfinished();
        return new SnapshotProgress(
                tables.size(),
                (int) tables.stream()
                        .filter(table -> !left.contains(table.oid()))
                        .count(),
                tables.stream().mapToLong(SnapshotTable::blocks).sum(),
                blocksDone(),
                blocksBefore,
                rows,
                bytes,
                nowNanos - begunNanos,
                waitsFor);
    }
}
