package io.pgcdc.capture;

import io.pgcdc.decode.BeginMessage;
import io.pgcdc.decode.FrameHead;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.queue.SegmentStore;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the windows of a snapshot into the stream of changes: appends a window's chunk when its watermark arrives, without the rows that a change
 * has overtaken. Costs almost nothing while no snapshot is read. Capture thread.
 *
 * <p>It gets no transaction that the server repeats after a reconnect. A sink whose part of the queue begins later has not got its changes, so
 * they must not overtake rows for that sink. And later transactions may have changed the same rows since. All repeated transactions began
 * before the connection, so a window that does not see one is read again.
 */
public final class Windows {

    private final Supplier<WindowFeed> feeds;
    private final BooleanSupplier quiet;
    private final ChunkWriter writer;
    private final Overtaking overtaking = new Overtaking();
    private final KeyedChange change = new KeyedChange();
    private WindowFeed feed = WindowFeed.NONE;

    /** True between a Begin and its Commit. What is watched stays the same until then: half of a transaction's rows would not do. */
    private boolean inTransaction;

    /**
     * Watches nothing yet.
     *
     * @param feeds gives the snapshot that is read now
     * @param quiet see {@link SnapshotWork#isQuiet}
     */
    public Windows(Supplier<WindowFeed> feeds, BooleanSupplier quiet, ChunkWriter writer) {
        this.feeds = feeds;
        this.quiet = quiet;
        this.writer = writer;
    }

    /**
     * A new connection begins.
     *
     * @param nextXid the server's next transaction id when it was made
     */
    public void connected(int nextXid) {
        // a window that was opened between two connections may be of another server
        feeds.get().connectionEnded();
        overtaking.connected(nextXid);
    }

    /** The connection has ended: what was read on the same server may not fit the next one. */
    void connectionEnded() {
        inTransaction = false;
        feeds.get().connectionEnded();
    }

    /** Returns true if each sink has the rows that a change needs. */
    boolean isQuiet() {
        return quiet.getAsBoolean();
    }

    void begin(BeginMessage begin) {
        watch();
        inTransaction = true;
        overtaking.begin(begin.xid());
        feed.begun();
    }

    private void watch() {
        if (inTransaction) {
            return;
        }
        feed = feeds.get();
        overtaking.watch(feed.watched());
    }

    /** The stream announces a layout. Rows that were read with another one are read again: a sink must not see an older one after it. */
    void layout(Relation relation) {
        watch();
        if (overtaking.watches(relation.oid()) && feed.announced(relation)) {
            overtaking.unknown(relation.oid());
        }
    }

    void row(FrameHead frame, Relation relation) {
        int oid = relation.oid();
        if (overtaking.watches(oid)) {
            change.read(frame.buffer(), frame.offset(), frame.length(), frame.lsn(), relation);
            overtaking.row(change, oid);
            feed.changed(oid, change);
        }
    }

    void truncate(Relation relation) {
        if (overtaking.watches(relation.oid())) {
            overtaking.truncated(relation.oid());
            feed.truncated(relation.oid());
        }
    }

    void commit() {
        inTransaction = false;
        Set<Integer> again = feed.committed(writer.queueEnd());
        overtaking.commit();
        // their rows must show what was delivered: a row that a change overtakes is dropped, and the change may lack
        // its values
        again.forEach(overtaking::unknown);
    }

    /**
     * A watermark has arrived. No transaction is open in the queue.
     *
     * @param lsn of the message
     */
    void watermark(String content, long lsn) {
        watch();
        Window window = feed.arrived(content);
        if (window == null) {
            return;
        }
        Chunk chunk = window.chunk();
        if (chunk.isMarker()) {
            append(window, lsn, Set.of());
            return;
        }
        @Nullable List<SeenTransactions> open = feed.open();
        if (open != null) {
            overtaking.forgetSeen(window.seen(), open);
        }
        if (!overtaking.knows(window)) {
            feed.again(window);
            return;
        }
        @Nullable Set<RowKey> outdated = overtaking.removeOutdated(window);
        if (chunk.rows().count() == 0) {
            feed.appended(window, SegmentStore.NONE, outdated);
        } else {
            append(window, lsn, outdated);
        }
    }

    private void append(Window window, long lsn, @Nullable Set<RowKey> outdated) {
        WindowFeed to = feed;
        writer.append(window.chunk(), lsn, window.takenMicros(), index -> to.appended(window, index, outdated));
    }
}
