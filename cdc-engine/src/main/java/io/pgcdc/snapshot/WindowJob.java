package io.pgcdc.snapshot;

import io.pgcdc.capture.Chunk;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.KeyedChange;
import io.pgcdc.capture.RowKey;
import io.pgcdc.capture.Window;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.queue.ChunkMarks;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot while changes are streamed: gives ranges to the readers, and each range's rows to capture when their watermark arrives. Any
 * thread; this object's monitor guards all fields.
 */
final class WindowJob implements WindowFeed, RangeReads {

    private static final Logger LOG = LoggerFactory.getLogger(WindowJob.class);

    /** Rows that may wait before some are read by key, although ranges of their table wait, too. */
    private static final int MANY_KEYS = 5_000;

    /** Rows of a table, or of a transaction, that may wait to be read by key. */
    static final int MOST_INCOMPLETE = 100_000;

    private final Ledger ledger;
    private final SnapshotConfig config;
    private final LongSupplier nanos;
    /** Null until the work is planned. */
    private @Nullable WindowWork work;

    private @Nullable ReadCount count;
    private boolean paused;

    private volatile Set<Integer> watched = Set.of();

    private final MarkerWork markers = new MarkerWork();
    private boolean beginningsAreDurable;
    private final SnapshotPlan plan = new SnapshotPlan();
    private final Runnable wake;
    private Runnable abortReads = () -> {};

    /** Begins each watermark of this run. */
    private final String token;

    /** No plan is made while there are any. */
    private final OpenWindows open = new OpenWindows();

    private final WindowRows rows;
    private int manyKeys = MANY_KEYS;
    private int firstLimit = KeyWork.FIRST_LIMIT;
    private TransactionRows transaction;

    private volatile boolean finished;

    /**
     * Plans nothing yet.
     *
     * @param ledger knows what of the tables' files is done
     * @param token text without spaces that no other run has
     * @param wake makes capture's thread call {@link #tend}
     */
    WindowJob(Ledger ledger, SnapshotConfig config, String token, LongSupplier nanos, Runnable wake) {
        this.ledger = ledger;
        this.config = config;
        this.nanos = nanos;
        this.token = token;
        this.wake = wake;
        this.transaction = new TransactionRows(ledger, MOST_INCOMPLETE);
        this.rows = new WindowRows(ledger);
    }

    /**
     * Sets other bounds, for tests.
     *
     * @param many rows that may wait before some are read by key
     * @param most rows of a table that may wait before it is begun again
     * @param first rows of the first chunk of a table that is read in the order of its key
     */
    void bounds(int many, int most, int first) {
        firstLimit = first;
        manyKeys = many;
        transaction = new TransactionRows(ledger, most);
    }

    /** Begins with what the ledger lacks. Capture thread. */
    synchronized void begin() {
        if (ledger.phase() == Ledger.Phase.FINISHED) {
            end();
        } else {
            // what is known of the tables holds only if each later change is compared, too
            watched = ledger.tables();
            needPlan();
        }
    }

    private void needPlan() {
        plan.need();
        notifyAll();
    }

    @Override
    public boolean lookUp(Supplier<List<SnapshotTable>> tables) {
        int number = startLookUp();
        if (number < 0) {
            return false;
        }
        try {
            lookedUp(number, tables.get());
            return true;
        } finally {
            endLookUp();
        }
    }

    /** Returns the number of the plan; -1: nothing is to be looked up now. */
    private synchronized int startLookUp() {
        return finished || !plan.isLookUpDue(!open.isEmpty()) ? -1 : plan.startLookUp();
    }

    private synchronized void endLookUp() {
        plan.endLookUp();
        notifyAll();
    }

    private synchronized void lookedUp(int number, List<SnapshotTable> read) {
        if (finished) {
            return;
        }
        if (plan.looksForTables(number)) {
            ledger.order().requireAll(read);
            plan.found(read);
            wake.run();
        } else if (plan.looksForSizes(number) && ledger.fits(read)) {
            ledger.bound(read);
            giveOut(read);
        } else if (plan.looksForSizes(number)) {
            needPlan();
        }
    }

    private void giveOut(List<SnapshotTable> read) {
        work = new WindowWork(ledger, read, config, manyKeys, firstLimit, nanos);
        if (count == null) {
            count = new ReadCount(ledger, read, nanos.getAsLong());
        }
        plan.done(read);
        notifyAll();
    }

    /** Makes capture compare the changes of tables that were found. Call it when no transaction is open. Capture thread. */
    synchronized void tend() {
        if (!plan.isFound() || finished) {
            return;
        }
        if (ledger.order().reconcile() && ledger.phase() == Ledger.Phase.INTENDED && !beginningsAreDurable) {
            mark(true);
            plan.done(plan.tables());
            return;
        }
        markers.stop();
        ledger.plan(Lsn.INVALID, plan.tables());
        plan.compared();
        watched = Set.copyOf(plan.layouts().keySet());
        notifyAll();
    }

    private void mark(boolean begins) {
        if (work == null) {
            work = new WindowWork(ledger, List.of(), config, manyKeys, firstLimit, nanos);
        }
        markers.write(plan.tables(), begins);
        notifyAll();
    }

    private synchronized void end() {
        finished = true;
        watched = Set.of();
        // a finished job may be remembered for long
        work = null;
        plan.clear();
        notifyAll();
    }

    /** Pauses, or continues. What is being read is read to its end. */
    synchronized void pause(boolean now) {
        paused = now;
        notifyAll();
    }

    /** Reads nothing more, and drops the open windows. */
    synchronized void giveUp() {
        drop(window -> true);
        end();
    }

    synchronized SnapshotProgress progress() {
        ReadCount counted = count;
        return counted == null ? SnapshotProgress.NONE : counted.progress(nanos.getAsLong());
    }

    // ---- the readers

    @Override
    public synchronized @Nullable ChunkQuery take(long waitMs) throws InterruptedException {
        long deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        ChunkQuery found = next();
        while (found == null && !finished && !plan.isLookUpDue(!open.isEmpty()) && nanos.getAsLong() < deadline) {
            long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong()));
            wait(work == null ? left : work.waitMs(left));
            found = next();
        }
        if (found != null) {
            add(found);
        }
        return found;
    }

    private void add(ChunkQuery query) {
        WindowWork from = work;
        open.add(query, from == null ? new ChunkRows() : from.emptyRows());
    }

    private @Nullable ChunkQuery next() {
        WindowWork planned = work;
        if (planned == null || paused || finished || !plan.isDone() || open.size() >= 2 * config.parallel()) {
            return null;
        }
        return markers.isActive() ? markers.next() : planned.next();
    }

    @Override
    public void read(ChunkQuery query, ChunkSource source) {
        OpenWindow window = windowOf(query);
        ChunkSource.@Nullable Shown shown;
        try {
            shown = source.read(query, window.rows, seen -> opened(window, seen));
        } catch (SourceException e) {
            giveBack(window);
            if (e.code() != ErrorCode.SNAPSHOT_TABLE_CHANGED) {
                throw e;
            }
            changed(e);
            return;
        } catch (RuntimeException | Error e) {
            giveBack(window);
            throw e;
        }
        if (shown == null) {
            divide(window);
        } else if (register(window, shown)) {
            try {
                source.emit(token + " " + window.number + " " + query);
            } catch (RuntimeException | Error e) {
                giveBack(window);
                throw e;
            }
        }
    }

    private synchronized void changed(SourceException why) {
        if (plan.isDone()) {
            LOG.warn("{} It is planned anew.", why.describe());
        }
        needPlan();
    }

    private synchronized OpenWindow windowOf(ChunkQuery query) {
        return open.of(query);
    }

    private synchronized void opened(OpenWindow window, SeenTransactions seen) {
        window.seen = seen;
    }

    private synchronized void divide(OpenWindow window) {
        open.remove(window);
        if (finished) {
            return;
        }
        work().reuse(window.rows);
        work().divide(window.query);
        notifyAll();
    }

    /** Takes a window back, unless capture has taken it meanwhile. */
    private synchronized void giveBack(OpenWindow window) {
        if (open.remove(window)) {
            release(window);
        }
    }

    private void release(OpenWindow window) {
        if (finished) {
            return;
        }
        work().reuse(window.rows);
        if (window.query instanceof ChunkReconcile marker) {
            markers.giveBack(marker);
        } else {
            work().giveBack(window.query);
        }
        notifyAll();
    }

    /** Makes a window wait for its watermark. Returns false if its rows must not be used: they are read again. */
    private synchronized boolean register(OpenWindow window, ChunkSource.Shown shown) {
        if (window.dropped) {
            giveBack(window);
            return false;
        }
        if (window.query instanceof ChunkFromKey chunk) {
            window.query = chunk.read(window.rows.count(), rows.lastKey(chunk.table(), window.rows));
        }
        Chunk chunk = rows.chunk(window);
        chunk.mark(ChunkMarks.INCREMENTAL);
        window.window = new Window(chunk, shown.seen(), shown.takenMicros());
        return true;
    }

    private WindowWork work() {
        WindowWork planned = work;
        if (planned == null) {
            throw new IllegalStateException("nothing is planned yet");
        }
        return planned;
    }

    @Override
    public boolean isRead() {
        return finished;
    }

    // ---- capture

    @Override
    public Set<Integer> watched() {
        return watched;
    }

    @Override
    public synchronized @Nullable List<SeenTransactions> open() {
        return open.seen();
    }

    @Override
    public synchronized @Nullable Window arrived(String watermark) {
        String[] words = watermark.split(" ", -1);
        if (words.length < 2 || !words[0].equals(token)) {
            return null;
        }
        return open.arrived(Integer.parseInt(words[1]));
    }

    @Override
    public synchronized void appended(Window window, long index, @Nullable Set<RowKey> outdated) {
        OpenWindow done = open.closed(window);
        if (done.query instanceof ChunkReconcile) {
            markers.appended(index);
            work().reuse(done.rows);
            notifyAll();
            return;
        }
        SnapshotTable table = done.query.table();
        ReadCount counted = count;
        if (counted != null) {
            counted.read(done.rows);
        }
        ledger.appended(table.oid(), rows.whole(table, done.rows), index);
        work().appended(done.query, done.rows, index, outdated);
        work().reuse(done.rows);
        notifyAll();
    }

    // ---- rows whose changes lack values

    @Override
    public synchronized void begun() {
        transaction.begun();
    }

    @Override
    public synchronized void changed(int oid, KeyedChange change) {
        transaction.changed(oid, change);
    }

    @Override
    public synchronized void truncated(int oid) {
        transaction.truncated(oid);
    }

    @Override
    public synchronized Set<Integer> committed(long after) {
        Set<Integer> again = transaction.committed(after);
        if (!again.isEmpty()) {
            LOG.warn(
                    "many changes lack values from TOAST: the rows of {} are read from the beginning again",
                    plan.names(again));
            needPlan();
        }
        return again;
    }

    @Override
    public synchronized void again(Window window) {
        ReadCount counted = count;
        if (counted != null) {
            counted.waits(window.seen().running());
        }
        release(open.closed(window));
        work().pause();
    }

    @Override
    public synchronized boolean announced(Relation relation) {
        Relation planned = plan.layouts().get(relation.oid());
        boolean other = planned != null && !LayoutReader.isAlike(planned, relation);
        if (other) {
            needPlan();
            drop(window -> window.query.table().oid() == relation.oid());
        }
        return other;
    }

    @Override
    public void connectionEnded() {
        dropAll();
        // what is being read may be of another server than the next connection, or of none
        abortReads.run();
    }

    private synchronized void dropAll() {
        drop(window -> true);
        if (plan.isBegun() && !finished) {
            needPlan(); // another server may sort keys otherwise
        }
    }

    /** @param abort ends what the readers are reading; capture's thread calls it */
    void whenConnectionEnds(Runnable abort) {
        abortReads = abort;
    }

    private void drop(Predicate<OpenWindow> which) {
        open.all().stream().filter(which).forEach(window -> {
            if (window.window == null) {
                window.dropped = true; // its reader gives it back
            } else {
                giveBack(window);
            }
        });
    }

    /** Writes down what is durable in the queue up to an index. Capture thread. */
    synchronized void durableThrough(long index) {
        if (finished || !plan.isBegun()) {
            return; // the ledger belongs to another
        }
        ledger.durableThrough(index);
        if (!plan.isDone() || !open.isEmpty() || !markers.isDurable(index)) {
            return;
        }
        if (markers.isActive() && !markers.isEnding()) {
            beginningsAreDurable = true;
            needPlan();
        } else if (isAllRead() && !markers.isEnding() && ledger.order().reconcile()) {
            mark(false);
        } else if (isAllRead()) {
            ReadCount counted = count;
            if (counted != null) {
                counted.finished(nanos.getAsLong());
            }
            ledger.finish();
            end();
        }
    }

    private boolean isAllRead() {
        return work().isRead() && ledger.isSettled() && ledger.isWhole();
    }

    /** Returns true if all rows are durable in the queue. */
    @Override
    public boolean isFinished() {
        return finished;
    }
}
