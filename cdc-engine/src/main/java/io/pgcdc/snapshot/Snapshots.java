package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkFeed;
import io.pgcdc.capture.SnapshotWork;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Worker;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.LedgerFiles;
import io.pgcdc.queue.SegmentStore;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a pipeline, one after the other: the one that it begins with, and those that are ordered later. An order is durable: a start
 * continues it. Capture's thread begins and ends them; any thread may order one, or ask. This object's monitor guards the lists.
 */
public final class Snapshots implements SnapshotWork, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** Snapshots that are over, and still told. */
    private static final int REMEMBERED = 20;

    private final SnapshotParts parts;
    private final LedgerFiles files;
    private final OrderCheck check;
    private final Deque<Ledger> waiting = new ArrayDeque<>();
    private final Deque<SnapshotStatus> over = new ArrayDeque<>();

    /** Each that was begun, to end its readers. */
    private final List<RunningSnapshot> begun = new ArrayList<>();

    private volatile @Nullable RunningSnapshot current;
    private @Nullable BiConsumer<String, Worker> starter;
    private Runnable wake = () -> {};
    private int readers;
    private boolean cancelCurrent;
    private String lastId = "";

    private Snapshots(SnapshotParts parts, LedgerFiles files) {
        this.parts = parts;
        this.files = files;
        this.check = new OrderCheck(parts);
    }

    /**
     * Finds the orders of earlier runs. Begins nothing yet.
     *
     * @param store the queue
     * @param layouts of the queue
     * @param fromIndex capture's checkpoint
     * @param gap true if changes are missing from the queue: each snapshot begins again
     */
    public static Snapshots open(
            SnapshotParts parts, LedgerFiles files, SegmentStore store, Layouts layouts, long fromIndex, boolean gap) {
        Snapshots snapshots = new Snapshots(parts, files);
        for (String id : files.ids()) {
            Ledger ledger = Ledger.open(files.file(id));
            if (ledger.phase() == Ledger.Phase.FINISHED || ledger.phase() == null) {
                files.delete(id);
                continue;
            }
            if (gap) {
                ledger.intend();
            } else if (ledger.phase() == Ledger.Phase.READING) {
                LedgerRecovery.recover(store, fromIndex, layouts, ledger);
            }
            snapshots.waiting.add(ledger);
        }
        return snapshots;
    }

    /**
     * Begins with the snapshot of a new slot.
     *
     * @param slotSnapshot the snapshot that CREATE_REPLICATION_SLOT exported; its connection has had no other command
     * @param lsn the slot's consistent point
     * @throws SourceException the server is not reachable, or refuses
     */
    public void take(Ledger ledger, String slotSnapshot, long lsn) {
        begun(RunningSnapshot.take(parts, ledger, slotSnapshot, lsn));
    }

    /** Begins with what is left of the pipeline's first snapshot. Completes its ledger first. */
    public void resume(Ledger ledger, SegmentStore store, Layouts layouts, long fromIndex) {
        LedgerRecovery.recover(store, fromIndex, layouts, ledger);
        begun(RunningSnapshot.stream(parts, ledger));
    }

    /** Orders the rows of all its tables for a sink that begins at the queue's end. The order is durable on return. Capture thread. */
    public synchronized void orderFor(String sink) {
        if (before() != null) {
            return; // the snapshot of a new slot comes first, and is for all sinks
        }
        RunningSnapshot now = current;
        boolean asked = waiting.stream().anyMatch(ledger -> ledger.order().isOnlyFor(sink))
                || (now != null && now.order().isOnlyFor(sink));
        if (!asked) {
            order(check.order(newId(), new SnapshotRequest(List.of(), null, List.of(sink))));
        }
    }

    /**
     * Starts the readers, now and for each later snapshot.
     *
     * @param starter starts a worker with its name
     * @param wake makes capture's thread call {@link #tend}
     */
    public synchronized void start(BiConsumer<String, Worker> starter, Runnable wake) {
        this.starter = starter;
        this.wake = wake;
        begun.forEach(this::startReaders);
    }

    private synchronized void begun(RunningSnapshot snapshot) {
        begun.add(snapshot);
        current = snapshot;
        startReaders(snapshot);
    }

    private void startReaders(RunningSnapshot snapshot) {
        BiConsumer<String, Worker> to = starter;
        if (to != null) {
            snapshot.readers().forEach(reader -> to.accept("snapshot-" + ++readers, reader));
        }
    }

    // ---- orders

    /**
     * Orders a snapshot. The order is durable on return. Any thread.
     *
     * @return its id
     * @throws io.pgcdc.error.CdcException SNAPSHOT_REFUSED; or server or disk fail
     */
    public String order(SnapshotRequest request) {
        SnapshotOrder order = check.order(newId(), request);
        order(order);
        wake.run();
        return order.id();
    }

    private synchronized void order(SnapshotOrder order) {
        waiting.add(Ledger.begin(files.file(order.id()), order));
        LOG.info("snapshot {} is ordered", order.id());
    }

    /** Returns an id that sorts after all earlier ones. */
    private synchronized String newId() {
        long millis = Instant.now().toEpochMilli();
        String id = Long.toString(millis, Character.MAX_RADIX);
        while (id.compareTo(lastId) <= 0 || files.ids().contains(id)) {
            id = Long.toString(++millis, Character.MAX_RADIX);
        }
        lastId = id;
        return id;
    }

    /**
     * Pauses a snapshot that is being read, or lets it continue. Later ones wait for it. Any thread.
     *
     * @throws SourceException SNAPSHOT_REFUSED: it is not being read
     */
    public synchronized void pause(String id, boolean now) {
        running(id).pause(now);
    }

    /**
     * Cancels a snapshot that was ordered. The rows that are in the queue are delivered. Any thread.
     *
     * @throws SourceException SNAPSHOT_REFUSED: there is none with that id, or it is the pipeline's first one
     */
    public synchronized void cancel(String id) {
        for (Ledger ledger : waiting) {
            if (ledger.order().id().equals(id)) {
                waiting.remove(ledger);
                files.delete(id);
                remember(
                        SnapshotStatus.of(ledger.order(), SnapshotStatus.State.CANCELLED, SnapshotProgress.NONE, null));
                return;
            }
        }
        if (running(id).isInitial()) {
            throw OrderCheck.refused("the pipeline's first snapshot cannot be cancelled: its sinks would lack rows."
                    + " To run without it, stop the pipeline and start it with --snapshot never");
        }
        cancelCurrent = true;
        wake.run();
    }

    private RunningSnapshot running(String id) {
        RunningSnapshot now = current;
        if (now == null || !now.order().id().equals(id)) {
            List<String> ids = status().stream()
                    .filter(status -> !status.isOver())
                    .map(SnapshotStatus::id)
                    .toList();
            throw OrderCheck.refused(
                    ids.contains(id)
                            ? "snapshot " + id + " is not being read yet"
                            : "there is no snapshot " + id + " to work on; there are: "
                                    + (ids.isEmpty() ? "none" : String.join(", ", ids)));
        }
        return now;
    }

    /** Returns the status of each snapshot: those that are over, the one that is being read, those that wait. Any thread. */
    public synchronized List<SnapshotStatus> status() {
        List<SnapshotStatus> all = new ArrayList<>(over);
        RunningSnapshot now = current;
        if (now != null) {
            all.add(now.status());
        }
        waiting.forEach(ledger ->
                all.add(SnapshotStatus.of(ledger.order(), SnapshotStatus.State.WAITING, SnapshotProgress.NONE, null)));
        return all;
    }

    // ---- capture

    /** Returns the chunks that come before the stream; null: there are none. */
    public @Nullable ChunkFeed before() {
        RunningSnapshot now = current;
        return now == null ? null : now.before();
    }

    /** Returns the windows of the snapshot that is being read. */
    public WindowFeed windows() {
        RunningSnapshot now = current;
        return now == null ? WindowFeed.NONE : now.windows();
    }

    /** Writes down which chunks are durable in the queue, up to an index. Begins the next snapshot after the end of one. Capture thread. */
    public void durableThrough(long index) {
        RunningSnapshot now = current;
        if (now != null) {
            now.durableThrough(index);
            if (now.isFinished() || now.trouble() != null) {
                tend();
            }
        }
    }

    /** Ends and begins snapshots. Call it before the stream starts, and when {@code wake} says so. Capture thread. */
    @Override
    public void tend() {
        RunningSnapshot now = current;
        if (now != null && !isOver(now)) {
            return;
        }
        current = null;
        Ledger next = next();
        if (next != null) {
            begun(RunningSnapshot.stream(parts, next));
            taken(next);
        }
    }

    @Override
    public boolean isDone() {
        return windows().isFinished() && next() == null;
    }

    private synchronized @Nullable Ledger next() {
        return waiting.peek();
    }

    private synchronized void taken(Ledger ledger) {
        waiting.remove(ledger);
    }

    private synchronized boolean isOver(RunningSnapshot snapshot) {
        Throwable trouble = snapshot.trouble();
        SnapshotStatus.State end;
        if (snapshot.isFinished()) {
            end = SnapshotStatus.State.FINISHED;
        } else if (trouble != null) {
            end = SnapshotStatus.State.FAILED;
        } else if (cancelCurrent) {
            end = SnapshotStatus.State.CANCELLED;
        } else {
            return false;
        }
        cancelCurrent = false;
        remember(SnapshotStatus.of(snapshot.order(), end, snapshot.status().progress(), trouble));
        end(snapshot, end);
        return true;
    }

    private void end(RunningSnapshot snapshot, SnapshotStatus.State as) {
        String id = snapshot.order().id();
        if (as != SnapshotStatus.State.FINISHED) {
            snapshot.giveUp();
        }
        if (as == SnapshotStatus.State.FAILED) {
            Throwable why = snapshot.trouble();
            LOG.error(
                    "snapshot {} has failed: {} The pipeline continues; its next start begins this snapshot again.",
                    id,
                    why instanceof CdcException e ? e.describe() : why,
                    why instanceof CdcException ? null : why);
            snapshot.ledger().intend();
        } else if (!snapshot.isInitial()) {
            files.delete(id);
        }
        LOG.info("snapshot {} has ended: {}", id, as);
    }

    private void remember(SnapshotStatus status) {
        over.add(status);
        if (over.size() > REMEMBERED) {
            over.remove();
        }
    }

    /** Ends what the readers are reading. Call it when the run has stopped; their threads then end. Any thread. */
    public synchronized void abort() {
        begun.forEach(RunningSnapshot::abort);
    }

    /** Gives kept states up. Call it when the readers' threads have ended. */
    @Override
    public synchronized void close() {
        begun.forEach(RunningSnapshot::close);
    }
}
