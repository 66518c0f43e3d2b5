package io.pgcdc.feed;

import io.pgcdc.delivery.PositionLookup;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.delivery.Tailer;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.view.LayoutHistory;
import io.pgcdc.view.Route;
import io.pgcdc.view.RouteConfig;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to one queue, during one run. One reads at a time, so that they share the memory of one segment, and take no more than one core
 * from capture and sinks, however many they are. Any thread.
 */
public final class Subscriptions implements AutoCloseable {

    /** A larger segment's memory is not kept. */
    private static final int KEPT_BYTES = 4 * 1024 * 1024;

    private final SegmentStore store;
    private final Layouts layouts;
    private final QueueProgress progress;
    private final long resumeLsn;
    private final DurableWait wait;
    private final Semaphore turn = new Semaphore(1, true);

    /** That of the one who has the turn. */
    private SegmentView view = new SegmentView();

    /** Readers hold it while they use the store, which must not be closed meanwhile. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /** @param resumeLsn where the stream continued at the start of the run */
    public Subscriptions(SegmentStore store, Layouts layouts, QueueProgress progress, long resumeLsn) {
        this.store = store;
        this.layouts = layouts;
        this.progress = progress;
        this.resumeLsn = resumeLsn;
        wait = new DurableWait(progress);
    }

    /**
     * Begins to read.
     *
     * @param name of the sink or feed that the subscriber looks through
     * @param publications of the slot
     * @throws QueueException QUEUE_SEGMENT_RELEASED: the queue does not hold the changes after the place; FEED_REFUSED: the place is after the queue's
     *     end
     * @throws IllegalStateException the run has ended
     * @throws InterruptedException while it waited for its turn
     */
    public Subscription subscribe(String name, RouteConfig shown, List<String> publications, FeedPlace place)
            throws InterruptedException {
        Route route = new Route(name, shown, publications, LayoutHistory.of(layouts));
        String who = "a client of \"" + name + "\"";
        turn.acquire(); // before the lock, as each reader does: a run that ends waits for the lock, and those after
        // it for the run
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the pipeline is not running");
            }
            QueueProgress.Mark end = progress.durableMark();
            boolean now = place.kind() == FeedPlace.Kind.NOW;
            Position after = now ? lastPosition(end.index()) : place.after();
            return new Subscription(this, route, new Tailer(store, index(place, end, who)), after, who);
        } finally {
            open.readLock().unlock();
            endTurn();
        }
    }

    /** Returns the position of the last change in a segment; null: there is no segment. */
    private @Nullable Position lastPosition(long index) {
        if (index == SegmentStore.NONE) {
            return null;
        }
        try (SegmentReader reader = store.reader(index)) {
            return reader.next(view) ? new SegmentBatch(view, layouts::byVersion).lastPosition() : null;
        }
    }

    private void endTurn() {
        if (view.array().length > KEPT_BYTES) {
            view = new SegmentView();
        }
        turn.release();
    }

    private long index(FeedPlace place, QueueProgress.Mark end, String who) {
        Position after = place.after();
        if (after == null) {
            return place.kind() == FeedPlace.Kind.BEGINNING ? firstWhole() : next(end.index());
        }
        long index = new PositionLookup(store, end, resumeLsn)
                .after(
                        after,
                        who + " cannot go on after " + after,
                        "Copy what is missing, and begin with from=beginning or from=now."
                                + " To keep more changes in future, raise queue.retain_bytes.")
                .nextIndex();
        if (index == next(end.index()) && !isReached(after, end.index())) {
            throw new QueueException(
                    ErrorCode.FEED_REFUSED,
                    who + " cannot go on after " + after
                            + ": this queue has not come so far. The position is of another queue,"
                            + " or mistyped. Begin with from=beginning or from=now.");
        }
        return index;
    }

    /** Returns the index where the first transaction begins of which the queue may have all. */
    private long firstWhole() {
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            return findFirstWhole(reader, new SegmentHeader())
                    ? reader.index()
                    : next(progress.durableMark().index());
        }
    }

    private static boolean findFirstWhole(SegmentReader reader, SegmentHeader into) {
        while (reader.nextHeader(into)) {
            if (into.kind().begins()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the first position from which the queue holds everything; null: it holds nothing, or the run has ended. */
    public @Nullable Position oldest() {
        open.readLock().lock();
        try {
            if (closed) {
                return null;
            }
            SegmentHeader header = new SegmentHeader();
            try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
                return findFirstWhole(reader, header)
                        ? new Position(header.epoch(), header.firstCommitLsn(), header.firstOrdinal())
                        : null;
            }
        } finally {
            open.readLock().unlock();
        }
    }

    private static long next(long index) {
        return index == SegmentStore.NONE ? SegmentStore.NONE : index + 1;
    }

    /** Returns true if the last segment may hold a change at or after the position. */
    private boolean isReached(Position position, long lastIndex) {
        SegmentHeader header = new SegmentHeader();
        if (lastIndex == SegmentStore.NONE) {
            return false;
        }
        try (SegmentReader reader = store.reader(lastIndex)) {
            return reader.nextHeader(header)
                    && new Position(header.epoch(), header.lastCommitLsn(), Long.MAX_VALUE).compareTo(position) >= 0;
        }
    }

    /** Returns true after the run's end. */
    boolean isClosed() {
        return closed;
    }

    /** Does work on the store, with the memory for a segment. Returns false without doing it if the run has ended. */
    boolean reading(Predicate<SegmentView> work) throws InterruptedException {
        turn.acquire();
        open.readLock().lock();
        try {
            return !closed && work.test(view);
        } finally {
            open.readLock().unlock();
            endTurn();
        }
    }

    /** Returns an index below which no segment is stored. */
    long firstIndex() {
        return store.firstIndex();
    }

    long durableIndex() {
        return progress.durableMark().index();
    }

    void awaitDurableAfter(long index, long timeoutMs) throws InterruptedException {
        wait.after(index, timeoutMs);
    }

    Relation layout(int version) {
        return layouts.byVersion(version);
    }

    /** Returns a reader at the index of a segment. */
    SegmentReader reader(long index) {
        return store.reader(index);
    }

    /** Returns the error for a reader that failed, and that has read up to the index. Files that were deleted are the reason if they are missing. */
    QueueException explain(QueueException error, long index, @Nullable Position position, String who) {
        if (error.code() != ErrorCode.QUEUE_SEGMENT_RELEASED && Long.compare(index, store.firstIndex()) >= 0) {
            return error;
        }
        return new QueueException(
                ErrorCode.QUEUE_SEGMENT_RELEASED,
                who + " was too slow: the queue no longer holds the changes "
                        + (position == null ? "that come next" : "after " + position) + "; " + store
                        + ". Copy what is missing, and begin with from=beginning or from=now. To keep more changes in future, raise"
                        + " queue.retain_bytes.",
                error);
    }

    /** Waits for readers that use the store, and keeps others from it. */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
    }
}
