package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.RowKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot still has to read while changes are streamed: parts of files, parts in the order of a key, whole tables, and single rows whose
 * changes lack values. Gives out queries, and takes each back once: read, not read, or too large. One thread at a time.
 */
final class WindowWork {

    /** Time until rows are read again whose overtakers are not known. */
    private static final long AGAIN_MS = 20;

    /** Rows that are read by key at once. */
    private static final int KEYS = 500;

    /** Rows are read by key early when their keys take this part of what they may take. */
    private static final int EARLY = 4;

    private final Ledger ledger;
    private final List<SnapshotTable> tables;
    private final long largestChunk;
    private final int manyKeys;
    private final RangeWork ranges;
    private final KeyWork fromKeys;

    /** The tables that are read at once, and not read yet. */
    private final Deque<ChunkWhole> whole = new ArrayDeque<>();

    private int wholeInWork;
    private int keysPerChunk = KEYS;

    /** The tables of which single rows are being read, by oid. */
    private final Set<Integer> keysInWork = new HashSet<>();

    /**
     * Takes from the ledger what is missing.
     *
     * @param firstLimit rows of the first chunk of a table that is read in the order of its key
     * @param manyKeys rows that may wait before some are read by key, although parts of their table wait, too
     */
    WindowWork(
            Ledger ledger,
            List<SnapshotTable> tables,
            SnapshotConfig config,
            int manyKeys,
            int firstLimit,
            LongSupplier nanos) {
        this.ledger = ledger;
        this.tables = tables;
        this.largestChunk = config.largestChunk();
        this.manyKeys = manyKeys;
        ranges = new RangeWork(
                ledger,
                tables.stream()
                        .filter(table -> table.hasParts() && ledger.byKey(table.oid()) == null)
                        .toList(),
                config.chunkBlocks(),
                config,
                nanos);
        fromKeys = new KeyWork(ledger, tables, config.chunkBytes(), firstLimit);
        tables.stream()
                .filter(table -> !table.hasParts() && ledger.byKey(table.oid()) == null)
                .filter(table -> ledger.reads(table.oid()) && !ledger.isWhole(table.oid()))
                .forEach(table -> whole.add(new ChunkWhole(table)));
    }

    /** Returns what to read next; null: nothing can be read now. */
    @Nullable
    ChunkQuery next() {
        if (!ranges.mayRead()) {
            return null;
        }
        ChunkQuery next = nextKeys();
        if (next == null) {
            next = ranges.next();
        }
        if (next == null) {
            next = fromKeys.next();
        }
        if (next == null) {
            next = whole.poll();
            wholeInWork += next == null ? 0 : 1;
        }
        return next;
    }

    /** Returns rows to be read again by key: when all other rows of their table are read, or when many wait. */
    private @Nullable ChunkKeys nextKeys() {
        for (SnapshotTable table : tables) {
            Set<RowKey> keys = ledger.someIncomplete(table.oid(), keysPerChunk);
            boolean due = isRead(table.oid()) || areMany(table.oid());
            if (due && !keys.isEmpty() && keysInWork.add(table.oid())) {
                return new ChunkKeys(table, keys);
            }
        }
        return null;
    }

    private boolean areMany(int table) {
        return ledger.countIncomplete(table) > manyKeys
                || ledger.incompleteBytes(table) > ledger.maxIncompleteBytes() / EARLY;
    }

    private boolean isRead(int table) {
        return ranges.isRead(table) && fromKeys.isRead(table);
    }

    /** Takes a query back that was not read. */
    void giveBack(ChunkQuery query) {
        if (query instanceof ChunkRange range) {
            ranges.giveBack(range);
        } else if (query instanceof ChunkFromKey chunk) {
            fromKeys.giveBack(chunk);
        } else if (query instanceof ChunkWhole table) {
            wholeInWork--;
            whole.addFirst(table);
        } else {
            keysInWork.remove(query.table().oid());
        }
    }

    /**
     * Takes a query back whose rows have too many bytes.
     *
     * @throws io.pgcdc.error.SourceException SNAPSHOT_NEEDS_KEY: it cannot be divided
     */
    void divide(ChunkQuery query) {
        if (query instanceof ChunkRange range) {
            ranges.divide(range);
        } else if (query instanceof ChunkFromKey chunk) {
            fromKeys.divide(chunk);
        } else if (query instanceof ChunkWhole table) {
            // it stays in work: its rows are not read
            throw SnapshotErrors.needsKey(table.table(), largestChunk);
        } else {
            keysPerChunk = Math.max(1, keysPerChunk / 2);
            keysInWork.remove(query.table().oid());
        }
    }

    /**
     * Notes that the rows of a query are in the queue.
     *
     * @param index of the chunk's last segment; {@link io.pgcdc.queue.SegmentStore#NONE}: it had no rows, so nothing was stored
     * @param outdated keys whose rows a change has overtaken; null: each may be
     */
    void appended(ChunkQuery query, ChunkRows rows, long index, @Nullable Set<RowKey> outdated) {
        if (query instanceof ChunkRange range) {
            ranges.read(range, rows.count());
            ledger.appended(range, index);
        } else if (query instanceof ChunkFromKey chunk) {
            fromKeys.read(chunk, rows.bytes());
            ranges.spend(rows.count());
            ledger.appended(chunk, index);
        } else if (query instanceof ChunkWhole table) {
            wholeInWork--;
            ledger.appended(table, index);
        } else if (query instanceof ChunkKeys keys) {
            appended(keys, index, outdated);
        }
    }

    private void appended(ChunkKeys keys, long index, @Nullable Set<RowKey> outdated) {
        // a row that was not there is deleted
        List<RowKey> settled = keys.keys().stream()
                .filter(key -> outdated != null && !outdated.contains(key))
                .toList();
        ledger.appended(keys.table().oid(), settled, index);
        keysInWork.remove(keys.table().oid());
        if (settled.size() < keys.keys().size()) {
            pause();
        }
    }

    /** Gives out nothing for a moment: an overtaker is not known yet. */
    void pause() {
        ranges.pause(AGAIN_MS);
    }

    /** Returns the time until something may be given out, in ms; the given one if that is shorter. */
    long waitMs(long longest) {
        return ranges.waitMs(longest);
    }

    /** Returns memory for rows. Give it back with {@link #reuse}. */
    ChunkRows emptyRows() {
        return ranges.emptyRows();
    }

    void reuse(ChunkRows rows) {
        ranges.reuse(rows);
    }

    /** Returns true if all queries, but those of single rows, are read. */
    boolean isRead() {
        return ranges.isRead() && fromKeys.isRead() && whole.isEmpty() && wholeInWork == 0;
    }
}
