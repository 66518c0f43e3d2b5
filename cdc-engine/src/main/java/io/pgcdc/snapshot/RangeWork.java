package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.catalog.PublishedTables.TableFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that a snapshot still has to read, larger tables first, and the memory for their rows. Keeps the limit of rows a second. One
 * thread at a time.
 */
final class RangeWork {

    private final SnapshotConfig config;
    private final LongSupplier nanos;
    private final List<TableWork> tables;
    private final Deque<ChunkRows> unused = new ArrayDeque<>();
    private long nextTakeNanos;

    /** The ranges of one table. */
    private static final class TableWork {
        final SnapshotTable table;
        final Deque<ChunkRange> waiting = new ArrayDeque<>();
        long chunkBlocks;
        int inWork;

        TableWork(SnapshotTable table, long chunkBlocks) {
            this.table = table;
            this.chunkBlocks = chunkBlocks;
        }

        boolean isRead() {
            return waiting.isEmpty() && inWork == 0;
        }
    }

    /**
     * Takes from the ledger what is missing.
     *
     * @param ledger knows the tables' files
     * @param chunkBlocks blocks of a file that one query reads
     */
    RangeWork(Ledger ledger, List<SnapshotTable> tables, long chunkBlocks, SnapshotConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        nextTakeNanos = nanos.getAsLong();
        this.tables = tables.stream()
                .sorted((a, b) -> Long.compare(b.blocks(), a.blocks()))
                .map(table -> work(table, ledger, chunkBlocks))
                .toList();
    }

    private static TableWork work(SnapshotTable table, Ledger ledger, long chunkBlocks) {
        TableWork work = new TableWork(table, chunkBlocks);
        for (TableFile file : table.files()) {
            Ledger.FileProgress progress = ledger.files().get(file.oid());
            if (progress != null && progress.filenode() == file.filenode()) {
                progress.done()
                        .missing()
                        .forEach(range -> work.waiting.add(new ChunkRange(table, file, progress.pass(), range)));
            }
        }
        return work;
    }

    /** Returns the next range to read; null: none waits, or the limit of rows is reached for now. */
    @Nullable
    ChunkRange next() {
        if (!mayRead()) {
            return null;
        }
        for (TableWork work : tables) {
            ChunkRange range = work.waiting.pollFirst();
            if (range != null) {
                work.inWork++;
                return firstPart(range, work);
            }
        }
        return null;
    }

    /** Returns the time until the limit of rows or a pause is over, in ms; the given one if that is shorter. */
    long waitMs(long longest) {
        long left = TimeUnit.NANOSECONDS.toMillis(nextTakeNanos - nanos.getAsLong()) + 1;
        return left > 0 ? Math.min(longest, left) : longest;
    }

    /** Returns true unless the limit of rows is reached for now. */
    boolean mayRead() {
        return nanos.getAsLong() >= nextTakeNanos;
    }

    private static ChunkRange firstPart(ChunkRange range, TableWork work) {
        TidRange whole = range.range();
        long end = TidRange.place(TidRange.block(whole.from()) + work.chunkBlocks, 0);
        if (end >= whole.to()) {
            return range;
        }
        work.waiting.addFirst(range.with(new TidRange(end, whole.to())));
        return range.with(new TidRange(whole.from(), end));
    }

    /** Returns memory for the rows of a range. */
    ChunkRows emptyRows() {
        ChunkRows rows = unused.poll();
        return rows == null ? new ChunkRows() : rows;
    }

    /** Gives out no further range of a table. */
    void drop(SnapshotTable table) {
        of(table).waiting.clear();
    }

    /** Gives out no further range. */
    void dropAll() {
        tables.forEach(work -> work.waiting.clear());
    }

    /** Notes that a range is not read by this work. */
    void leave(ChunkRange range) {
        of(range.table()).inWork--;
    }

    /** Takes memory back. */
    void reuse(ChunkRows rows) {
        // what one huge row needed must not stay in memory until the end of the run
        if (rows.capacity() <= config.largestChunk()) {
            rows.clear();
            unused.push(rows);
        }
    }

    /** Takes a range back that was not read. */
    void giveBack(ChunkRange range) {
        TableWork work = of(range.table());
        work.inWork--;
        work.waiting.addFirst(range);
    }

    /** Takes a range back that has more bytes than fit into a chunk, in two parts. Later ranges of the table are smaller, too. */
    void divide(ChunkRange range) {
        TableWork work = of(range.table());
        work.inWork--;
        work.chunkBlocks = Math.max(1, work.chunkBlocks / 2);
        long middle = range.range().middle();
        work.waiting.addFirst(range.with(new TidRange(middle, range.range().to())));
        work.waiting.addFirst(range.with(new TidRange(range.range().from(), middle)));
    }

    /** Notes that a range is read. */
    void read(ChunkRange range, int rows) {
        of(range.table()).inWork--;
        spend(rows);
    }

    /** Counts rows against the limit of rows a second. */
    void spend(int rows) {
        if (config.maxRowsPerSecond() > 0) {
            nextTakeNanos = Math.max(nextTakeNanos, nanos.getAsLong())
                    + rows * TimeUnit.SECONDS.toNanos(1) / config.maxRowsPerSecond();
        }
    }

    /** Gives out no range for a time. */
    void pause(long milliseconds) {
        nextTakeNanos = Math.max(nextTakeNanos, nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    /** Returns the tables, larger ones first. */
    List<SnapshotTable> tables() {
        return tables.stream().map(work -> work.table).toList();
    }

    /** Returns true if all ranges of the table with that oid are read. */
    boolean isRead(int oid) {
        return tables.stream().filter(work -> work.table.oid() == oid).allMatch(TableWork::isRead);
    }

    /** Returns true if all ranges are read. */
    boolean isRead() {
        return tables.stream().allMatch(TableWork::isRead);
    }

    private TableWork of(SnapshotTable table) {
        return tables.stream()
                .filter(work -> work.table.oid() == table.oid())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(table.name() + " is not in this snapshot"));
    }
}
