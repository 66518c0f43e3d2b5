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
import io.pgcdc.snapshot.SnapshotStatus.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a pipeline, one after the other: the one that it begins with, and those that are ordered later. An order is durable: a start
 * continues it. Capture's thread begins and ends them, and waits for nothing; any thread may order one, or ask. This object's monitor guards the
 * lists.
 */
public final class Snapshots implements SnapshotWork, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** Snapshots that are over, and still told. */
    private static final int REMEMBERED = 20;

    private final SnapshotParts parts;
    private final LedgerFiles files;
    private final Deque<Ledger> waiting = new ArrayDeque<>();

    /** Those that failed in this run, by id. The next start begins them again. */
    private final Map<String, Ledger> failed = new LinkedHashMap<>();

    private final Deque<SnapshotStatus> over = new ArrayDeque<>();
    private volatile @Nullable RunningSnapshot current;

    /** The first error of a snapshot; null: none failed. */
    private volatile @Nullable Throwable failure;

    /** True if no sink waits for rows. */
    private volatile boolean quiet = true;

    private @Nullable BiConsumer<String, Worker> starter;
    private Runnable wake = () -> {};
    private final AtomicBoolean woken = new AtomicBoolean();
    private int readers;

    /** The id of the snapshot to cancel; empty: none. */
    private String cancelled = "";

    private String lastId = "";
    private boolean closed;

    private Snapshots(SnapshotParts parts, LedgerFiles files) {
        this.parts = parts;
        this.files = files;
    }

    /**
     * Finds the orders of earlier runs. Begins with what was being read, unless {@link #take} or {@link #resume} follow.
     *
     * @param store the queue
     * @param layouts of the queue
     * @param fromIndex capture's checkpoint
     * @param anew true if what was done does not fit what comes: each order begins again
     */
    public static Snapshots open(
            SnapshotParts parts, LedgerFiles files, SegmentStore store, Layouts layouts, long fromIndex, boolean anew) {
        Snapshots snapshots = new Snapshots(parts, files);
        boolean continues = !anew;
        for (String id : files.ids()) {
            Ledger ledger = Ledger.open(files.file(id));
            if (ledger.phase() == Ledger.Phase.FINISHED || ledger.phase() == null || snapshots.isForNobody(ledger)) {
                files.delete(id);
            } else if (ledger.phase() == Ledger.Phase.READING && continues) {
                // only the one that goes on at once keeps its progress: its later changes are compared without a gap
                continues = false;
                LedgerRecovery.recover(store, fromIndex, layouts, ledger);
                snapshots.waiting.addFirst(ledger);
            } else {
                ledger.intend();
                snapshots.waiting.add(ledger);
            }
        }
        snapshots.listed();
        return snapshots;
    }

    private boolean isForNobody(Ledger ledger) {
        SnapshotOrder order = ledger.order();
        boolean nobody = !order.sinks().isEmpty() && order.sinks().stream().noneMatch(parts.sinks()::contains);
        if (nobody) {
            LOG.warn("snapshot {} is given up: its sinks {} are gone", order.id(), order.sinks());
        }
        return nobody;
    }

    /**
     * Begins with the snapshot of a new slot.
     *
     * @param slotSnapshot the snapshot that CREATE_REPLICATION_SLOT exported; its connection has had no other command
     * @param lsn the slot's consistent point
     * @throws SourceException the server is not reachable, or refuses
     */
    public void take(Ledger ledger, String slotSnapshot, long lsn) {
        begun(RunningSnapshot.take(parts, ledger, slotSnapshot, lsn, this::wake));
    }

    /** Begins with what is left of the pipeline's first snapshot. Completes its ledger first. */
    public void resume(Ledger ledger, SegmentStore store, Layouts layouts, long fromIndex) {
        LedgerRecovery.recover(store, fromIndex, layouts, ledger);
        begun(RunningSnapshot.stream(parts, ledger, this::wake));
    }

    /** Orders the rows of all its tables for a sink that begins at the queue's end. The order is durable on return. Capture thread. */
    public void orderFor(String sink) {
        if (before() != null) {
            return; // the snapshot of a new slot comes first, and is for all sinks
        }
        for (String id : files.ids()) {
            Ledger known = find(id);
            if (known != null && known.order().isBeginningOf(sink)) {
                files.delete(id); // what it has read went to an earlier sink of that name
                forget(id);
            }
        }
        order(parts.server()
                .order(newId(), new SnapshotRequest(List.of(), null, List.of(sink)))
                .beginning());
    }

    private synchronized @Nullable Ledger find(String id) {
        return waiting.stream()
                .filter(ledger -> ledger.order().id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private synchronized void forget(String id) {
        waiting.removeIf(ledger -> ledger.order().id().equals(id));
        listed();
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
        RunningSnapshot now = current;
        if (now != null) {
            startReaders(now);
        }
        woken.set(false);
        wake();
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                wake.run();
            } catch (IllegalStateException e) {
                LOG.debug("the run has ended; the next one continues", e);
            }
        }
    }

    private synchronized void begun(RunningSnapshot snapshot) {
        current = snapshot;
        waiting.remove(snapshot.ledger());
        listed();
        startReaders(snapshot);
    }

    private void startReaders(RunningSnapshot snapshot) {
        BiConsumer<String, Worker> to = starter;
        if (to != null) {
            snapshot.readers().forEach(reader -> to.accept("snapshot-" + ++readers, reader));
        }
    }

    private synchronized void listed() {
        RunningSnapshot now = current;
        quiet = waiting.isEmpty() && failed.isEmpty() && (now == null || now.isFinished());
    }

    // ---- orders

    /**
     * Orders a snapshot. The order is durable on return. Any thread.
     *
     * @return its id
     * @throws io.pgcdc.error.CdcException SNAPSHOT_REFUSED; or server or disk fail
     */
    public String order(SnapshotRequest request) {
        SnapshotOrder order = parts.server().order(newId(), request);
        order(order);
        wake();
        return order.id();
    }

    private synchronized void order(SnapshotOrder order) {
        if (closed) {
            throw OrderCheck.refused("the pipeline is stopping");
        }
        waiting.add(Ledger.begin(files.file(order.id()), order));
        listed();
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
     * @throws SourceException SNAPSHOT_REFUSED: there is none with that id, or a sink begins with it
     */
    public synchronized void cancel(String id) {
        Ledger idle = find(id);
        if (idle == null) {
            idle = failed.get(id);
        }
        SnapshotOrder order = idle == null ? running(id).order() : idle.order();
        if (order.begins()) {
            throw OrderCheck.refused(
                    "snapshot " + id + " cannot be cancelled: a sink begins with it, and would lack rows."
                            + " To run without it, remove the sink and give it another name; the pipeline's first snapshot is given up by a"
                            + " start with --snapshot never");
        }
        // durable before the answer: a crash must not bring it back
        files.delete(id);
        if (idle == null) {
            cancelled = id;
            wake();
        } else {
            waiting.remove(idle);
            failed.remove(id);
            over.removeIf(status -> status.id().equals(id));
            remember(SnapshotStatus.of(order, State.CANCELLED, SnapshotProgress.NONE, null));
            listed();
        }
    }

    private RunningSnapshot running(String id) {
        RunningSnapshot now = current;
        if (now == null || !now.order().id().equals(id) || now.isFinished()) {
            List<String> ids = status().stream()
                    .filter(status -> !status.isOver())
                    .map(SnapshotStatus::id)
                    .toList();
            throw OrderCheck.refused(
                    ids.contains(id)
                            ? "snapshot " + id + " is not being read yet"
                            : "there is no snapshot " + id + " to work on; "
                                    + (ids.isEmpty()
                                            ? "none is being read, and none waits"
                                            : "there are: " + String.join(", ", ids)));
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
        waiting.forEach(
                ledger -> all.add(SnapshotStatus.of(ledger.order(), State.WAITING, SnapshotProgress.NONE, null)));
        return all;
    }

    @Override
    public @Nullable Throwable failure() {
        return failure;
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

    /** Writes down which chunks are durable in the queue, up to an index. Capture thread. */
    public void durableThrough(long index) {
        RunningSnapshot now = current;
        if (now != null) {
            now.durableThrough(index);
            if (now.isFinished()) {
                wake();
            }
        }
    }

    /** Ends and begins snapshots. Call it before the stream starts, and when {@code wake} says so; no transaction is open. Capture thread. */
    @Override
    public synchronized void tend() {
        woken.set(false);
        RunningSnapshot now = current;
        if (now != null) {
            now.tend();
            if (!isOver(now)) {
                return;
            }
            current = null;
        }
        Ledger next = waiting.poll();
        if (next != null) {
            begun(RunningSnapshot.stream(parts, next, this::wake));
        }
        listed();
    }

    @Override
    public boolean isQuiet() {
        return quiet;
    }

    @Override
    public boolean isDone() {
        RunningSnapshot now = current;
        return quiet || ((now == null || now.isFinished()) && isNoneWaiting());
    }

    private synchronized boolean isNoneWaiting() {
        return waiting.isEmpty();
    }

    private boolean isOver(RunningSnapshot snapshot) {
        Throwable trouble = snapshot.trouble();
        String id = snapshot.order().id();
        State end;
        if (snapshot.isFinished()) {
            end = State.FINISHED;
        } else if (cancelled.equals(id)) {
            end = State.CANCELLED;
        } else if (trouble != null) {
            end = State.FAILED;
        } else {
            return false;
        }
        cancelled = "";
        SnapshotProgress progress = snapshot.status().progress();
        if (end != State.FINISHED) {
            snapshot.giveUp();
        }
        if (trouble != null && end == State.FAILED) {
            fail(snapshot.ledger(), trouble);
        } else if (!snapshot.isInitial()) {
            files.delete(id); // perhaps once more: what was durable in the queue was written down meanwhile
        }
        snapshot.close();
        remember(SnapshotStatus.of(snapshot.order(), end, progress, end == State.FAILED ? trouble : null));
        LOG.debug("snapshot {} has ended: {}", id, end);
        return true;
    }

    private void fail(Ledger ledger, Throwable why) {
        String id = ledger.order().id();
        LOG.error(
                "snapshot {} has failed: {} The pipeline continues; its next start begins this snapshot again."
                        + " To give it up: cdc snapshot cancel {}",
                id,
                why instanceof CdcException e ? e.describe() : why,
                id,
                why instanceof CdcException ? null : why);
        ledger.intend();
        failed.put(id, ledger);
        if (failure == null) {
            failure = why;
        }
    }

    private void remember(SnapshotStatus status) {
        over.add(status);
        if (over.size() > REMEMBERED) {
            over.remove();
        }
    }

    /** Ends what the readers are reading. Call it when the run has stopped; their threads then end. Any thread. */
    public synchronized void abort() {
        closed = true;
        RunningSnapshot now = current;
        if (now != null) {
            now.abort();
        }
    }

    /** Gives a kept state up. Call it when the readers' threads have ended. */
    @Override
    public void close() {
        RunningSnapshot now = current;
        if (now != null) {
            now.close();
        }
    }
}
