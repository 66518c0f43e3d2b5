package io.pgcdc.snapshot;

import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.ChunkMarks;
import io.pgcdc.queue.SegmentStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot before the stream: gives ranges to the readers, and their chunks to capture. Keeps few chunks in memory: a reader waits until
 * capture has taken the earlier ones. Marks the first and the last rows. Any thread; this object's monitor guards all fields.
 */
final class SnapshotJob implements ChunkFeed, RangeReads {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotJob.class);

    /** Time between two questions after the WAL. */
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ledger ledger;
    private final SnapshotConfig config;
    private final long takenMicros;
    private final LongSupplier nanos;
    private final RangeWork work;
    private final ReadCount count;
    private final Map<Chunk, ChunkRange> ranges = new HashMap<>();
    private final Deque<Chunk> ready = new ArrayDeque<>();

    /** The latest chunk of each table, by oid. It may be the table's last one. */
    private final Map<Integer, Chunk> held = new HashMap<>();

    /** The tables with a chunk in the queue, by oid. */
    private final Set<Integer> begun = new HashSet<>();

    /** The tables of which a part is left to be read while changes are streamed, by oid. */
    private final Set<Integer> partly = new HashSet<>();

    /** The last chunk of the table that was finished last; it is the snapshot's last one, unless another chunk comes. */
    private @Nullable Chunk last;

    private int chunks;
    private final Runnable rest;
    private final LongSupplier safeWal;
    private final long begunNanos;
    private long askedNanos;
    private boolean stopped;
    private boolean paused;

    /** True if the ledger belongs to the one who reads the rest. */
    private boolean handedOver;

    /**
     * Plans the work.
     *
     * @param ledger knows the tables' files
     * @param chunkBlocks blocks of a file that one query reads
     * @param takenMicros when the rows were as they are shown, in microseconds since 1970 UTC
     * @param safeWal returns the bytes of WAL that the server may still write before it invalidates the slot; called on capture's thread
     * @param rest called at the end: what the ledger lacks is read while changes are streamed
     */
    SnapshotJob(
            Ledger ledger,
            List<SnapshotTable> tables,
            SnapshotConfig config,
            long chunkBlocks,
            long takenMicros,
            LongSupplier nanos,
            LongSupplier safeWal,
            Runnable rest) {
        this.rest = rest;
        this.safeWal = safeWal;
        begunNanos = nanos.getAsLong();
        askedNanos = begunNanos;
        this.ledger = ledger;
        this.config = config;
        this.takenMicros = takenMicros;
        this.nanos = nanos;
        this.work = new RangeWork(ledger, tables, chunkBlocks, config, nanos);
        this.count = new ReadCount(ledger, tables, begunNanos);
    }

    // ---- the readers

    @Override
    public synchronized @Nullable ChunkRange take(long waitMs) throws InterruptedException {
        long deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        ChunkRange found = next();
        while (found == null && !isRead() && nanos.getAsLong() < deadline) {
            wait(work.waitMs(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong()))));
            found = next();
        }
        return found;
    }

    private @Nullable ChunkRange next() {
        return paused || ready.size() >= 2 * config.parallel() ? null : work.next();
    }

    @Override
    public void read(ChunkQuery query, ChunkSource source) {
        ChunkRange range = (ChunkRange) query; // it gives out no others
        ChunkRows rows = emptyRows();
        boolean fits;
        try {
            fits = source.read(range, rows, seen -> {}) != null;
        } catch (SourceException e) {
            if (e.code() == ErrorCode.SNAPSHOT_TABLE_CHANGED || e.code() == ErrorCode.SNAPSHOT_GONE) {
                postpone(range, rows, e);
                return;
            }
            giveBack(range, rows);
            throw e;
        } catch (RuntimeException | Error e) {
            giveBack(range, rows);
            throw e;
        }
        if (fits) {
            deliver(range, rows);
        } else {
            divide(range, rows);
        }
    }

    /** Leaves the rest of the table, or of all tables, to be read while changes are streamed. */
    synchronized void postpone(ChunkRange range, ChunkRows rows, SourceException why) {
        LOG.warn("{} The rest is read while changes are streamed.", why.describe());
        work.reuse(rows);
        work.leave(range);
        partly.add(range.table().oid());
        if (why.code() == ErrorCode.SNAPSHOT_GONE) {
            leaveAll();
        } else {
            work.drop(range.table());
        }
        finishReadTables();
        notifyAll();
    }

    /** Leaves a table that was rewritten after the slot was created. Call it before the first range is taken. */
    synchronized void leave(SnapshotTable table) {
        LOG.warn(
                "{} was rewritten after the slot was created: its rows are read while changes are streamed",
                table.name());
        partly.add(table.oid());
        work.drop(table);
    }

    /** Passes on what was held back for tables that get no further range here. */
    private void finishReadTables() {
        for (SnapshotTable table : work.tables()) {
            if (work.isRead(table.oid())) {
                tableIsRead(table.oid());
            }
        }
    }

    /** Returns memory for the rows of a range. Give it back with the range. */
    synchronized ChunkRows emptyRows() {
        return work.emptyRows();
    }

    /** Takes a range back that could not be read. */
    synchronized void giveBack(ChunkRange range, ChunkRows rows) {
        work.reuse(rows);
        work.giveBack(range);
        notifyAll();
    }

    /** Takes a range back that has more bytes than fit into a chunk. */
    synchronized void divide(ChunkRange range, ChunkRows rows) {
        work.reuse(rows);
        work.divide(range);
        notifyAll();
    }

    /** Takes the rows of a range. */
    synchronized void deliver(ChunkRange range, ChunkRows rows) {
        work.read(range, rows.count());
        count.read(rows);
        int table = range.table().oid();
        if (rows.count() == 0) {
            ledger.appended(range, SegmentStore.NONE);
            work.reuse(rows);
        } else {
            Chunk chunk =
                    new Chunk(++chunks, range.table().layout(), ledger.order().label(range), rows);
            ranges.put(chunk, range);
            Chunk before = held.put(table, chunk);
            if (before != null) {
                enqueue(before);
            }
        }
        if (work.isRead(table)) {
            tableIsRead(table);
        }
        notifyAll();
    }

    private void tableIsRead(int table) {
        Chunk end = held.remove(table);
        if (end != null && partly.contains(table)) {
            enqueue(end);
        } else if (end != null) {
            end.mark(ChunkMarks.LAST_OF_TABLE);
            enqueueLast();
            last = end;
        }
        Chunk lastOfAll = last;
        if (work.isRead() && lastOfAll != null) {
            if (partly.isEmpty()) {
                lastOfAll.mark(ChunkMarks.LAST);
            }
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
        if (begun.isEmpty()) {
            chunk.mark(ChunkMarks.FIRST);
        }
        if (begun.add(chunk.relation().oid())) {
            chunk.mark(ChunkMarks.FIRST_OF_TABLE);
        }
        ready.add(chunk);
    }

    @Override
    public synchronized boolean isRead() {
        return work.isRead();
    }

    /** Pauses, or continues. What is being read is read to its end. */
    synchronized void pause(boolean now) {
        paused = now;
        notifyAll();
    }

    synchronized SnapshotProgress progress() {
        return count.progress(nanos.getAsLong());
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

    /** Leaves the rest, if the server has kept its WAL for long enough. */
    @Override
    public void tend() {
        long now = nanos.getAsLong();
        if (stopped) {
            return;
        }
        if (config.maxDurationMs() > 0 && now - begunNanos > TimeUnit.MILLISECONDS.toNanos(config.maxDurationMs())) {
            leaveRest("max_duration_ms is over");
        } else if (now - askedNanos > ASK_NANOS) {
            askedNanos = now;
            long safe = safeWal.getAsLong();
            if (safe < config.minSafeWalBytes()) {
                leaveRest("the server may write only " + safe + " more bytes of WAL before it invalidates the slot");
            }
        }
    }

    private void leaveAll() {
        work.tables().stream()
                .map(SnapshotTable::oid)
                .filter(table -> !work.isRead(table))
                .forEach(partly::add);
        work.dropAll();
    }

    private synchronized void leaveRest(String why) {
        LOG.warn("{}: the rest of the rows is read while changes are streamed", why);
        stopped = true;
        leaveAll();
        finishReadTables();
        notifyAll();
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
        return ready.isEmpty() && held.isEmpty() && last == null && work.isRead();
    }

    @Override
    public synchronized void appended(Chunk chunk, long index) {
        ChunkRange range = ranges.remove(chunk);
        if (range == null) {
            throw new IllegalArgumentException("the chunk is not of this snapshot");
        }
        ledger.appended(range, index);
        work.reuse(chunk.rows());
    }

    /** Writes down what is durable in the queue up to an index. */
    synchronized void durableThrough(long index) {
        if (!handedOver) {
            ledger.durableThrough(index);
        }
    }

    @Override
    public void finish() {
        settle();
        rest.run();
    }

    private synchronized void settle() {
        ledger.durableThrough(Long.MAX_VALUE);
        if (ledger.isWhole()) {
            count.finished(nanos.getAsLong());
            ledger.finish();
        }
        handedOver = true;
    }
}
