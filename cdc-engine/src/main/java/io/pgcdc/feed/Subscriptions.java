package io.pgcdc.feed;

import io.pgcdc.delivery.PositionLookup;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to one queue, during one run. They share a few segments in memory, however many they are: a subscriber that waits for its client
 * holds none. Any thread.
 */
public final class Subscriptions implements AutoCloseable {

    /** Segments in memory at a time. */
    private static final int VIEWS = 3;

    private final SegmentStore store;
    private final Layouts layouts;
    private final QueueProgress progress;
    private final long resumeLsn;
    private final DurableWait wait;
    private final BlockingQueue<SegmentView> views = new ArrayBlockingQueue<>(VIEWS);

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
        for (int i = 0; i < VIEWS; i++) {
            views.add(new SegmentView());
        }
    }

    /**
     * Begins to read.
     *
     * @param name of the sink or feed that the subscriber looks through
     * @param publications of the slot
     * @throws QueueException QUEUE_SEGMENT_RELEASED: the queue does not hold the changes after the place; FEED_REFUSED: the place is after the queue's
     *     end
     * @throws IllegalStateException the run has ended
     */
    public Subscription subscribe(String name, RouteConfig view, List<String> publications, FeedPlace place) {
        Route route = new Route(name, view, publications, LayoutHistory.of(layouts));
        String who = "a client of \"" + name + "\"";
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the pipeline is not running");
            }
            return new Subscription(this, route, new Tailer(store, index(place, who)), place.after(), who);
        } finally {
            open.readLock().unlock();
        }
    }

    private long index(FeedPlace place, String who) {
        QueueProgress.Mark end = progress.durableMark();
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
        if (index == next(end.index()) && !isReached(after)) {
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

    /** Returns true if the queue holds a change at or after the position. Reads headers. */
    private boolean isReached(Position position) {
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                if (new Position(header.epoch(), header.lastCommitLsn(), Long.MAX_VALUE).compareTo(position) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns true after the run's end. */
    boolean isClosed() {
        return closed;
    }

    /** Does work on the store, with a segment's memory. Returns false without doing it if the run has ended. */
    boolean reading(Predicate<SegmentView> work) throws InterruptedException {
        SegmentView view = views.take();
        open.readLock().lock();
        try {
            return !closed && work.test(view);
        } finally {
            open.readLock().unlock();
            views.add(view);
        }
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
