package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.life.Worker;
import io.pgcdc.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot that is being read. If pgcdc creates the slot, the rows are read as they were at the slot's consistent point, before the stream.
 * What cannot be read so, what is left after an interruption, and what is ordered later, is read while changes are streamed. Capture's thread
 * makes it; then its readers work on their own threads.
 */
final class RunningSnapshot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSnapshot.class);

    /** Before the stream, no change waits while a chunk is appended. With large parts, the server and the reader wait less for each other. */
    private static final long LARGER_BEFORE = 4;

    private final Ledger ledger;
    private final SnapshotServer.@Nullable Kept kept;

    /** What is read before the stream; null: nothing. */
    private final @Nullable SnapshotJob before;

    private final WindowJob during;
    private final List<SnapshotReader> readers = new ArrayList<>();
    private volatile @Nullable Throwable trouble;
    private volatile boolean paused;

    private RunningSnapshot(
            Ledger ledger, SnapshotServer.@Nullable Kept kept, @Nullable SnapshotJob before, WindowJob during) {
        this.ledger = ledger;
        this.kept = kept;
        this.before = before;
        this.during = during;
    }

    /**
     * Plans the snapshot of a new slot. The ledger then knows what is to be read.
     *
     * @param slotSnapshot the snapshot that CREATE_REPLICATION_SLOT exported; its connection has had no other command
     * @param lsn the slot's consistent point
     * @throws io.pgcdc.error.SourceException the server is not reachable, or refuses
     */
    static RunningSnapshot take(SnapshotParts parts, Ledger ledger, String slotSnapshot, long lsn, Runnable wake) {
        SnapshotServer.Kept kept = parts.server().keep(slotSnapshot);
        try {
            List<SnapshotTable> tables = parts.server().tables(ledger.order());
            ledger.plan(lsn, tables);
            ledger.bound(tables);
            WindowJob during = parts.windows(ledger, wake);
            SnapshotJob before = new SnapshotJob(
                    ledger,
                    tables,
                    parts.config(),
                    LARGER_BEFORE * parts.config().chunkBlocks(),
                    kept.takenMicros(),
                    parts.lifecycle().clock()::nanos,
                    parts.server()::safeWalBytes,
                    () -> {
                        kept.close(); // a kept state holds up VACUUM
                        during.begin();
                    });
            tables.stream().filter(kept::isRewritten).forEach(before::leave);
            RunningSnapshot snapshot = new RunningSnapshot(ledger, kept, before, during);
            Consumer<Throwable> failed = parts.lifecycle()::fail;
            for (int i = 0; i < parts.config().parallel(); i++) {
                snapshot.readers.add(parts.reader(ledger.order(), before, kept.chunks(), failed));
            }
            snapshot.addReaders(parts, failed);
            LOG.info("reading the rows of {} tables as of {}", tables.size(), Lsn.toString(lsn));
            return snapshot;
        } catch (RuntimeException | Error e) {
            kept.close();
            throw e;
        }
    }

    /** Plans what the ledger lacks, to be read while changes are streamed. If a reader of a snapshot that was ordered fails, only it ends. */
    static RunningSnapshot stream(SnapshotParts parts, Ledger ledger, Runnable wake) {
        WindowJob during = parts.windows(ledger, wake);
        during.begin();
        RunningSnapshot snapshot = new RunningSnapshot(ledger, null, null, during);
        Consumer<Throwable> failed = snapshot.isInitial()
                ? parts.lifecycle()::fail
                : why -> {
                    snapshot.failed(why);
                    wake.run();
                };
        snapshot.addReaders(parts, failed);
        LOG.info(
                "snapshot {}: reading rows while changes are streamed",
                ledger.order().id());
        return snapshot;
    }

    /** Adds the readers of what is read while changes are streamed. */
    private void addReaders(SnapshotParts parts, Consumer<Throwable> failed) {
        List<SnapshotReader> added = new ArrayList<>();
        for (int i = 0; i < parts.config().parallel(); i++) {
            added.add(parts.reader(ledger.order(), during, parts.server().chunks(), failed));
        }
        readers.addAll(added);
        during.whenConnectionEnds(() -> added.forEach(SnapshotReader::abort));
    }

    private synchronized void failed(Throwable why) {
        if (trouble == null) {
            trouble = why; // the others fail because they are ended
        }
        during.pause(true);
    }

    /** Returns the error that ended it; null: none. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    SnapshotOrder order() {
        return ledger.order();
    }

    Ledger ledger() {
        return ledger;
    }

    boolean isInitial() {
        return order().equals(SnapshotOrder.INITIAL);
    }

    /** Returns the chunks that come before the stream; null: there are none. */
    @Nullable
    ChunkFeed before() {
        return before;
    }

    /** Returns the windows in the stream. */
    WindowFeed windows() {
        return during;
    }

    /** Returns the readers, each for a thread of its own. */
    List<Worker> readers() {
        return List.copyOf(readers);
    }

    /** Returns true if all rows are durable in the queue. */
    boolean isFinished() {
        return during.isFinished();
    }

    void pause(boolean now) {
        paused = now;
        SnapshotJob first = before;
        if (first != null) {
            first.pause(now);
        }
        during.pause(now);
    }

    SnapshotStatus status() {
        SnapshotJob first = before;
        SnapshotStatus.State state = paused ? SnapshotStatus.State.PAUSED : SnapshotStatus.State.READING;
        return SnapshotStatus.of(
                order(),
                isFinished() ? SnapshotStatus.State.FINISHED : state,
                first == null ? during.progress() : first.progress().and(during.progress()),
                null);
    }

    /** Makes capture compare the changes of tables that a reader found. Call it when no transaction is open. Capture thread. */
    void tend() {
        during.tend();
    }

    /** Writes down which chunks are durable in the queue, up to an index. Capture thread. */
    void durableThrough(long index) {
        SnapshotJob first = before;
        if (first != null) {
            first.durableThrough(index);
        }
        during.durableThrough(index);
    }

    /** Gives up what is not read. Capture thread. */
    void giveUp() {
        during.giveUp();
        abort();
    }

    /** Ends what the readers are reading. Call it when the run has stopped; their threads then end. Any thread. */
    void abort() {
        readers.forEach(SnapshotReader::abort);
    }

    /** Gives the kept state up. Call it when the readers' threads have ended. */
    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
    }
}
