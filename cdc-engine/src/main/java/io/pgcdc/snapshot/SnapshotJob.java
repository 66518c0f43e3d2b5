package io.pgcdc.snapshot;

import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.queue.ChunkMarks;
import io.pgcdc.queue.SegmentStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of one snapshot: gives ranges to the readers, and their chunks to capture. Keeps few chunks in memory: a reader waits until capture
 * has taken the earlier ones. Marks the first and the last rows. Any thread; this object's monitor guards all fields.
 */
final class SnapshotJob implements ChunkFeed {

    private final Ledger ledger;
    private final SnapshotConfig config;
    private final long takenMicros;
    private final LongSupplier nanos;
    private final List<TableWork> tables;
    private final Map<Chunk, ChunkRange> ranges = new IdentityHashMap<>();
    private final Deque<Chunk> ready = new ArrayDeque<>();
    private final Deque<ChunkRows> unused = new ArrayDeque<>();

    /** The last chunk of the table that was finished last; it is the snapshot's last one, unless another chunk comes. */
    private @Nullable Chunk last;

    private boolean begun;
    private int chunks;
    private long nextTakeNanos;

    /** The ranges of a table that are not read yet, and its latest chunk. */
    private static final class TableWork {
        final SnapshotTable table;
        final Deque<ChunkRange> waiting = new ArrayDeque<>();
        long chunkBlocks;
        int inWork;
        boolean begun;
        @Nullable Chunk held;

        TableWork(SnapshotTable table, long chunkBlocks) {
            this.table = table;
            this.chunkBlocks = chunkBlocks;
        }

        boolean isRead() {
            return waiting.isEmpty() && inWork == 0;
        }
    }

    /**
     * Plans the work; larger tables come first.
     *
     * @param ledger knows the tables' files
     * @param takenMicros when the rows were as they are shown, in microseconds since 1970 UTC
     */
    SnapshotJob(Ledger ledger, List<SnapshotTable> tables, SnapshotConfig config, long takenMicros, LongSupplier nanos) {
        this.ledger = ledger;
        this.config = config;
        this.takenMicros = takenMicros;
        this.nanos = nanos;
        nextTakeNanos = nanos.getAsLong();
        this.tables = tables.stream()
                .sorted((a, b) -> Long.compare(b.blocks(), a.blocks()))
                .map(this::work)
                .toList();
    }

    private TableWork work(SnapshotTable table) {
        TableWork work = new TableWork(table, config.chunkBlocks());
        for (TableFile file : table.files()) {
            Ledger.FileProgress progress = ledger.files().get(file.oid());
            if (progress == null) {
                throw new IllegalArgumentException("the ledger lacks " + file.name());
            }
            progress.done().missing().forEach(range -> work.waiting.add(new ChunkRange(table, file, range)));
        }
        return work;
    }

    // ---- the readers

    /**
     * Returns the next range to read.
     *
     * @param waitMs the longest wait for one
     * @return null: there is none now
     */
    synchronized @Nullable ChunkRange take(long waitMs) throws InterruptedException {
        long deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        ChunkRange found = next();
        while (found == null && !isRead() && nanos.getAsLong() < deadline) {
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong())));
            found = next();
        }
        return found;
    }

    private @Nullable ChunkRange next() {
        if (ready.size() >= config.parallel() || nanos.getAsLong() < nextTakeNanos) {
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

    private static ChunkRange firstPart(ChunkRange range, TableWork work) {
        TidRange whole = range.range();
        long end = TidRange.place(TidRange.block(whole.from()) + work.chunkBlocks, 0);
        if (end >= whole.to()) {
            return range;
        }
        work.waiting.addFirst(range.with(new TidRange(end, whole.to())));
        return range.with(new TidRange(whole.from(), end));
    }

    /** Returns memory for the rows of a range. Give it back with the range. */
    synchronized ChunkRows emptyRows() {
        ChunkRows rows = unused.poll();
        return rows == null ? new ChunkRows() : rows;
    }

    private void reuse(ChunkRows rows) {
        // what one huge row needed must not stay in memory until the end of the run
        if (rows.capacity() <= config.largestChunk()) {
            rows.clear();
            unused.push(rows);
        }
    }

    /** Takes a range back that could not be read. */
    synchronized void giveBack(ChunkRange range, ChunkRows rows) {
        reuse(rows);
        TableWork work = workOf(range.table());
        work.inWork--;
        work.waiting.addFirst(range);
        notifyAll();
    }

    /** Takes a range back that has more bytes than fit into a chunk, in two parts. */
    synchronized void divide(ChunkRange range, ChunkRows rows) {
        reuse(rows);
        TableWork work = workOf(range.table());
        work.inWork--;
        work.chunkBlocks = Math.max(1, work.chunkBlocks / 2);
        long middle = range.range().middle();
        work.waiting.addFirst(range.with(new TidRange(middle, range.range().to())));
        work.waiting.addFirst(range.with(new TidRange(range.range().from(), middle)));
        notifyAll();
    }

    /** Takes the rows of a range. */
    synchronized void deliver(ChunkRange range, ChunkRows rows) {
        TableWork work = workOf(range.table());
        work.inWork--;
        if (config.maxRowsPerSecond() > 0) {
            nextTakeNanos = Math.max(nextTakeNanos, nanos.getAsLong())
                    + rows.count() * TimeUnit.SECONDS.toNanos(1) / config.maxRowsPerSecond();
        }
        if (rows.count() == 0) {
            ledger.appended(range, SegmentStore.NONE);
            reuse(rows);
        } else {
            Chunk chunk = new Chunk(++chunks, range.table().layout(), range.description(), rows);
            ranges.put(chunk, range);
            Chunk before = work.held;
            if (before != null) {
                enqueue(before);
            }
            work.held = chunk;
        }
        if (work.isRead()) {
            tableIsRead(work);
        }
        notifyAll();
    }

    private void tableIsRead(TableWork work) {
        Chunk end = work.held;
        if (end != null) {
            work.held = null;
            end.mark(ChunkMarks.LAST_OF_TABLE);
            enqueueLast();
            last = end;
        }
        Chunk lastOfAll = last;
        if (isRead() && lastOfAll != null) {
            lastOfAll.mark(ChunkMarks.LAST);
            enqueueLast();
        }
    }

    private void enqueueLast() {
        Chunk waiting = last;
        last = null;
        if (waiting != null) {
            enqueue(waiting);
        }
    }

    private void enqueue(Chunk chunk) {
        enqueueLast();
        TableWork work = workOf(rangeOf(chunk).table());
        chunk.mark((begun ? 0 : ChunkMarks.FIRST) | (work.begun ? 0 : ChunkMarks.FIRST_OF_TABLE));
        begun = true;
        work.begun = true;
        ready.add(chunk);
    }

    private TableWork workOf(SnapshotTable table) {
        return tables.stream()
                .filter(work -> work.table == table)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(table.name() + " is not in this snapshot"));
    }

    private ChunkRange rangeOf(Chunk chunk) {
        ChunkRange range = ranges.get(chunk);
        if (range == null) {
            throw new IllegalArgumentException("the chunk is not of this snapshot");
        }
        return range;
    }

    /** Returns true if all ranges are read. */
    synchronized boolean isRead() {
        return tables.stream().allMatch(TableWork::isRead);
    }

    // ---- capture

    @Override
    public long lsn() {
        return ledger.lsn();
    }

    @Override
    public long takenMicros() {
        return takenMicros;
    }

    @Override
    public synchronized @Nullable Chunk poll() {
        Chunk chunk = ready.poll();
        if (chunk != null) {
            notifyAll();
        }
        return chunk;
    }

    @Override
    public synchronized boolean isDrained() {
        return ready.isEmpty() && isRead();
    }

    @Override
    public synchronized void appended(Chunk chunk, long index) {
        ledger.appended(rangeOf(chunk), index);
        ranges.remove(chunk);
        reuse(chunk.rows());
    }

    /** Writes down what is durable in the queue up to an index. */
    synchronized void durableThrough(long index) {
        ledger.durableThrough(index);
    }

    @Override
    public synchronized void finish() {
        ledger.finish();
    }
}
