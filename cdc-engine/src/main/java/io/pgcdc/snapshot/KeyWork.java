package io.pgcdc.snapshot;

import io.pgcdc.capture.RowKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables that are read in the order of their keys, one chunk of a table at a time. One thread at a time. */
final class KeyWork {

    /** Rows of the first chunk of a table, whose rows may be large. */
    static final int FIRST_LIMIT = 1_000;

    private static final int LARGEST_LIMIT = 1_000_000;

    private final List<TableWork> tables = new ArrayList<>();
    private final long chunkBytes;

    /** What is left of one table. */
    private static final class TableWork {
        final SnapshotTable table;
        final int pass;

        @Nullable
        RowKey after;

        int limit;
        boolean inWork;
        boolean isRead;

        TableWork(SnapshotTable table, Ledger.KeyProgress progress, int limit) {
            this.limit = limit;
            this.table = table;
            this.pass = progress.pass();
            this.after = progress.after();
        }
    }

    /**
     * Takes from the ledger what is missing.
     *
     * @param chunkBytes size of a chunk's rows, about
     * @param firstLimit rows of a table's first chunk
     */
    KeyWork(Ledger ledger, List<SnapshotTable> tables, long chunkBytes, int firstLimit) {
        this.chunkBytes = chunkBytes;
        for (SnapshotTable table : tables) {
            Ledger.KeyProgress progress = ledger.byKey(table.oid());
            if (progress != null && !ledger.isWhole(table.oid())) {
                this.tables.add(new TableWork(table, progress, firstLimit));
            }
        }
    }

    /** Returns the next chunk to read; null: none can be read now. */
    @Nullable
    ChunkFromKey next() {
        for (TableWork work : tables) {
            if (!work.inWork && !work.isRead) {
                work.inWork = true;
                return new ChunkFromKey(work.table, work.pass, work.after, work.limit);
            }
        }
        return null;
    }

    /** Takes a chunk back that was not read. */
    void giveBack(ChunkFromKey chunk) {
        of(chunk).inWork = false;
    }

    /** Takes a chunk back that has too many bytes. */
    void divide(ChunkFromKey chunk) {
        TableWork work = of(chunk);
        work.inWork = false;
        work.limit = Math.max(1, chunk.limit() / 2);
    }

    /** Notes that a chunk is in the queue, or has no rows. */
    void read(ChunkFromKey chunk, long bytes) {
        TableWork work = of(chunk);
        work.inWork = false;
        work.after = chunk.upTo();
        work.isRead = chunk.upTo() == null;
        if (bytes < chunkBytes / 2) {
            work.limit = Math.min(LARGEST_LIMIT, 2 * work.limit);
        }
    }

    boolean isRead() {
        return tables.stream().allMatch(work -> work.isRead);
    }

    /** Returns true if the table has no row left to read in this way. */
    boolean isRead(int oid) {
        return tables.stream().allMatch(work -> work.isRead || work.table.oid() != oid);
    }

    private TableWork of(ChunkFromKey chunk) {
        return tables.stream()
                .filter(work -> work.table.oid() == chunk.table().oid())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(chunk + " is not in this snapshot"));
    }
}
