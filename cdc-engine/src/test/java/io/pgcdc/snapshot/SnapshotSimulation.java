package io.pgcdc.snapshot;

import io.pgcdc.capture.CaptureDriver;
import io.pgcdc.capture.Frames;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.delivery.Tailer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.MemoryLayoutLog;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TransactionScan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A history of one snapshot while changes are streamed, made from a seed, on one thread: capture's parts, the job, its ledger and the queue's
 * format as they are, over a model of the server and the disk. Processes are killed at any step, connections break, and the server repeats what it
 * was not told of. In the end the changes in the queue, applied in order, must give the table: all of them, or for a sink that came later those
 * since then.
 */
final class SnapshotSimulation implements LedgerFile, ModelDatabase.Wal, ModelSnapshotServer.World {

    private final SplittableRandom chance;
    private final ModelDatabase database;
    private final ModelSnapshotServer server;
    private final List<Entry> wal = new ArrayList<>();
    private long end = 1_000;
    private final boolean exported;

    /** Where the slot begins. */
    private long consistent;

    /** Steps until the snapshot is ordered, for a sink that comes later. */
    private int orderIn;

    // the disk
    private MemorySegmentStore store = new MemorySegmentStore();
    private final MemoryLayoutLog layoutLog = new MemoryLayoutLog();
    private @Nullable String ledgerText;
    private QueueProgress.Mark checkpoint;

    /** Where the sink's part of the queue begins: after this index. */
    private long sinkFrom = SegmentStore.NONE;

    // the process
    private QueueProgress progress;
    private @Nullable CaptureDriver capture;
    private @Nullable WindowJob windows;
    private @Nullable SnapshotJob before;
    private int delivered;
    private long nanos;
    private int killIn;
    private long maxKeyBytes = Long.MAX_VALUE;
    private int reads;
    private int nested;

    /** Some WAL: a transaction, or a message. A commit record lies at its LSN; a message ends there. */
    private record Entry(
            long lsn,
            long end,
            int xid,
            List<ModelDatabase.Step> steps,
            @Nullable String watermark) {}

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private SnapshotSimulation(long seed) {
        chance = new SplittableRandom(seed);
        database = new ModelDatabase(chance, this);
        server = new ModelSnapshotServer(database, this);
        exported = chance.nextBoolean();
        orderIn = exported || chance.nextBoolean() ? 0 : 1 + chance.nextInt(200);
        checkpoint = new QueueProgress.Mark(SegmentStore.NONE, Lsn.INVALID, end);
        progress = new QueueProgress(checkpoint);
    }

    /**
     * Plays one history.
     *
     * @return number of rows that were read
     * @throws AssertionError a row is lost, outdated or incomplete
     */
    static int play(long seed) {
        return new SnapshotSimulation(seed).play();
    }

    private int play() {
        for (int work = chance.nextInt(40); work > 0; work--) {
            database.work();
        }
        Ledger first = Ledger.open(this);
        first.intend();
        database.quiesce();
        checkpoint = new QueueProgress.Mark(SegmentStore.NONE, Lsn.INVALID, end);
        consistent = end;
        String slot = database.snapshot();
        if (exported) {
            first.plan(consistent, server.tables(SnapshotOrder.INITIAL));
            first.bound(server.tables(SnapshotOrder.INITIAL));
        }
        for (int process = chance.nextInt(5); process >= 0; process--) {
            killIn = process == 0 ? 0 : 1 + chance.nextInt(400);
            try {
                process(exported && first.lsn() == consistent ? slot : null);
            } catch (Killed killed) {
                store.crash(new Random(chance.nextLong()));
                store = store.reopen(checkpoint.index());
            }
        }
        Map<String, String> table = database.table();
        Map<String, String> replayed = replayed();
        if (!table.equals(replayed)) {
            throw new AssertionError("the table is " + table + ", the sink has " + replayed);
        }
        return reads;
    }

    /** Begins as a start does, and runs until it is killed or all is done. */
    private void process(@Nullable String slot) {
        TransactionScan.@Nullable End end = TransactionScan.lastComplete(store, checkpoint.index());
        TransactionScan.@Nullable Commit commit = end == null ? null : end.commit();
        long lastCommit = commit == null ? checkpoint.commitLsn() : commit.lsn();
        long endLsn = Lsn.max(checkpoint.endLsn(), commit == null ? Lsn.INVALID : commit.endLsn());
        progress = new QueueProgress(
                new QueueProgress.Mark(end == null ? checkpoint.index() : end.index(), lastCommit, endLsn));
        Layouts layouts = Layouts.open(layoutLog);
        Ledger ledger = Ledger.open(this);
        boolean fresh = ledger.files().values().stream()
                        .noneMatch(f -> f.done().toString().contains(","))
                && end == null
                && ledger.phase() == Ledger.Phase.READING;
        LedgerRecovery.recover(store, checkpoint.index(), layouts, ledger);
        SnapshotConfig config = new SnapshotConfig(SnapshotMode.INITIAL, 1 + chance.nextInt(3), 8_192, 0, 0, 0, false);
        nested = 0;
        capture = null;
        WindowJob job = new WindowJob(ledger, config, "run" + chance.nextLong(), () -> nanos, () -> {});
        // the last process has room for all, so that it comes to an end
        maxKeyBytes = killIn == 0 ? Long.MAX_VALUE : 1 + chance.nextInt(800);
        job.bounds(chance.nextInt(20), killIn == 0 ? 1_000 : 1 + chance.nextInt(20), 1 + chance.nextInt(20));
        windows = job;
        CaptureDriver driver = new CaptureDriver(
                store,
                progress,
                layouts,
                (message, xid) -> ModelSnapshotServer.LAYOUT,
                lastCommit,
                end == null ? null : end.reads(),
                200 + chance.nextInt(2_000),
                () -> orderIn > 0 ? WindowFeed.NONE : job);
        capture = driver;
        before = null;
        if (fresh && slot != null) {
            SnapshotJob first = new SnapshotJob(
                    ledger,
                    server.tables(SnapshotOrder.INITIAL),
                    config,
                    config.chunkBlocks(),
                    0,
                    () -> nanos,
                    () -> Long.MAX_VALUE,
                    job::begin);
            before = first;
            while (!first.isDrained()) {
                step();
                read(first, slot);
                driver.appendReady(first);
            }
            force();
            first.finish();
            before = null;
        } else if (orderIn == 0) {
            job.begin();
        }
        connect(driver, endLsn);
        while (killIn > 0 || !job.isFinished()) {
            step();
            if (orderIn > 0 && --orderIn == 0) {
                order(driver, ledger, job);
            }
            read(job, null);
        }
        database.quiesce();
        while (delivered < wal.size()) {
            deliver();
        }
        driver.closeIfWhole();
        sync();
    }

    /** A sink comes, and gets the rows. Often that is a start. */
    private void order(CaptureDriver driver, Ledger ledger, WindowJob job) {
        driver.connectionEnded();
        force();
        sinkFrom = progress.durableMark().index();
        ledger.intend();
        job.begin();
        connect(driver, progress.durableMark().endLsn());
    }

    @Override
    public void commit(int xid, List<ModelDatabase.Step> steps) {
        long lsn = end + chance.nextInt(3);
        end = lsn + 5;
        wal.add(new Entry(lsn, end, xid, steps, null));
    }

    /** The next commit may have the message's LSN. */
    @Override
    public void message(String prefix, String content) {
        end += 5;
        wal.add(new Entry(end, end, 0, List.of(), content));
    }

    private void connect(CaptureDriver driver, long resumeLsn) {
        driver.connected(database.nextXid());
        delivered = 0;
        while (delivered < wal.size() && wal.get(delivered).end() <= resumeLsn) {
            delivered++;
        }
        for (int repeats = chance.nextInt(10); repeats > 0 && delivered > 0; repeats--) {
            delivered -= wal.get(delivered - 1).lsn() > consistent ? 1 : 0;
        }
        driver.frame(1, Frames.begin(0, 0, 1));
        driver.frame(
                1,
                Frames.relation(ModelDatabase.OID, ModelDatabase.NAME, ModelDatabase.COLUMNS.toArray(String[]::new)));
        driver.frame(1, Frames.commit(0, 0, 0));
    }

    /** Something happens in the world, or the process ends. */
    private void step() {
        nanos += 5_000_000;
        if (killIn > 0 && --killIn == 0) {
            throw new Killed();
        }
        CaptureDriver driver = capture;
        WindowJob job = windows;
        if (before == null && driver != null && job != null && killIn > 0) {
            if (chance.nextInt(60) == 0) {
                driver.connectionEnded();
                force();
                connect(driver, progress.durableMark().endLsn());
            }
            if (nested < 2 && chance.nextInt(6) == 0) {
                nested++;
                read(job, null);
                nested--;
            }
        }
        switch (chance.nextInt(4)) {
            case 0, 1 -> database.work();
            case 2 -> {
                if (before == null) {
                    deliver();
                }
            }
            default -> {
                if (chance.nextInt(3) == 0) {
                    sync();
                }
            }
        }
    }

    private void deliver() {
        CaptureDriver driver = capture;
        if (driver == null || delivered == wal.size()) {
            return;
        }
        Entry entry = wal.get(delivered++);
        if (entry.watermark() != null) {
            driver.frame(entry.lsn(), Frames.message(false, entry.lsn(), entry.watermark(), WindowFeed.PREFIX));
            return;
        }
        driver.frame(entry.lsn(), Frames.begin(entry.lsn(), 0, entry.xid()));
        entry.steps().forEach(step -> driver.frame(entry.lsn(), step.frame().get()));
        driver.frame(entry.lsn(), Frames.commit(entry.lsn(), entry.end(), 0));
        if (chance.nextBoolean()) {
            driver.closeIfWhole();
        }
    }

    /** The queue is forced, perhaps the ledger is written, perhaps the checkpoint. */
    private void sync() {
        if (killIn == 0 || chance.nextBoolean()) {
            force();
        }
        QueueProgress.Mark durable = progress.durableMark();
        if (killIn > 0 && chance.nextInt(3) == 0) {
            return;
        }
        SnapshotJob first = before;
        if (first != null) {
            first.durableThrough(durable.index());
        }
        if (windows != null) {
            windows.durableThrough(durable.index());
            windows.tend();
        }
        if (killIn == 0 || chance.nextBoolean()) {
            checkpoint = durable;
        }
    }

    private void force() {
        QueueProgress.Mark mark;
        try {
            mark = progress.awaitUnforced(0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        store.sync();
        if (mark != null) {
            progress.durable(mark);
        }
    }

    private void read(RangeReads job, @Nullable String slot) {
        try {
            boolean lookedUp = job.lookUp(server.lookUp(SnapshotOrder.INITIAL));
            ChunkQuery query = lookedUp ? null : job.take(0);
            if (query != null) {
                if (once(5)) {
                    steps(); // before the reader begins
                }
                job.read(
                        query,
                        slot == null ? server.chunks() : server.keep(slot).chunks());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void steps() {
        for (int steps = chance.nextInt(4); steps > 0; steps--) {
            step();
        }
    }

    @Override
    public boolean once(int in) {
        return chance.nextInt(in) == 0;
    }

    @Override
    public boolean breaks() {
        return false;
    }

    // ---- what a sink gets

    private Map<String, String> replayed() {
        Map<String, @Nullable String[]> rows = new TreeMap<>();
        @Nullable Position[] last = new @Nullable Position[1];
        Layouts layouts = Layouts.open(layoutLog);
        SegmentView view = new SegmentView();
        SegmentBatch batch = new SegmentBatch(view, layouts::byVersion);
        try (Tailer tailer = new Tailer(store, sinkFrom == SegmentStore.NONE ? SegmentStore.NONE : sinkFrom + 1)) {
            while (tailer.next(view, progress.durableMark().index())) {
                batch.segmentChanged();
                batch.forEach(change -> {
                    Position before = last[0];
                    if (before != null && before.compareTo(change.position()) >= 0) {
                        throw new AssertionError(change.position() + " after " + before);
                    }
                    last[0] = change.position();
                    apply(change, rows);
                });
            }
        }
        Map<String, String> table = new LinkedHashMap<>();
        rows.forEach((key, row) -> table.put(key, row[0] + " " + row[1]));
        return table;
    }

    private void apply(Change change, Map<String, @Nullable String[]> rows) {
        RowView after = change.row() == null ? null : change.row().newRow();
        RowView old = change.row() == null ? null : change.row().oldRow();
        if (after == null) {
            if (old != null) {
                rows.remove(old.text(0));
            }
            return;
        }
        if (change.snapshot() != null) {
            reads++;
        }
        if (old != null) {
            @Nullable String[] moved = rows.remove(old.text(0));
            rows.put(after.text(0), moved == null ? new @Nullable String[2] : moved);
        }
        @Nullable String[] row = rows.computeIfAbsent(after.text(0), k -> new @Nullable String[2]);
        row[0] = after.text(1);
        if (after.state(2) == ValueState.TEXT) {
            row[1] = after.text(2);
        }
    }

    @Override
    public @Nullable String read() {
        return ledgerText;
    }

    @Override
    public void write(String text) {
        ledgerText = text;
    }

    @Override
    public long maxKeyBytes() {
        return maxKeyBytes;
    }

    @Override
    public String toString() {
        return "memory";
    }
}
