package io.pgcdc.feed;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.delivery.Tailer;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.view.Route;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes for one subscriber, in order, whole transactions only, none twice. It gives out a transaction when it is durable in the queue. One
 * thread.
 */
public final class Subscription implements AutoCloseable {

    private final Subscriptions queue;
    private final Route route;
    private final Tailer tailer;
    private final String who;

    /** Everything up to here was given out, or is not for the subscriber. Null: it is at the queue's beginning. */
    private @Nullable Position position;

    /** Index of the last segment that was read. */
    private long index;

    /** True if a part of that segment is still to be given out. */
    private boolean inside;

    /** Index of the last segment to give out. */
    private long limit = Long.MAX_VALUE;

    Subscription(Subscriptions queue, Route route, Tailer tailer, @Nullable Position after, String who) {
        this.queue = queue;
        this.route = route;
        this.tailer = tailer;
        this.position = after;
        this.who = who;
        index = tailer.waitsAfter();
    }

    /**
     * Gives out the next changes, of one segment at most.
     *
     * @param taker returns false if it does not take the change: the next read begins with it. The change may be used during the call only. The call
     *     must not wait for others: it delays the end of the run
     * @return true if a segment was read, even if none of its changes is for the subscriber; false: there is none now, or the run has ended
     * @throws QueueException QUEUE_SEGMENT_RELEASED: the next changes were deleted; QUEUE_DAMAGED, QUEUE_IO
     * @throws io.pgcdc.error.SinkException it cannot be decided which changes the subscriber may see
     */
    public boolean read(Predicate<? super Change> taker) throws InterruptedException {
        try {
            return queue.reading(view -> read(view, taker));
        } catch (QueueException e) {
            throw queue.explain(e, index, position, who);
        }
    }

    private boolean read(SegmentView view, Predicate<? super Change> taker) {
        if (!load(view)) {
            return false;
        }
        SegmentBatch batch = new SegmentBatch(view, queue::layout, route, position, false);
        Position[] last = {position};
        inside = !batch.forEachWhile(change -> {
            boolean taken = taker.test(change);
            if (taken) {
                last[0] = change.position();
            }
            return taken;
        });
        position = inside ? last[0] : later(position, batch.lastPosition());
        return true;
    }

    /** The first segments may end before the position after which the subscriber begins: their transaction goes on after it. */
    private static Position later(@Nullable Position one, Position other) {
        return one == null || one.compareTo(other) < 0 ? other : one;
    }

    private boolean load(SegmentView view) {
        if (!inside) {
            boolean stepped = tailer.next(view, Math.min(limit, queue.durableIndex()));
            index = stepped ? tailer.index() : tailer.waitsAfter();
            if (stepped && index < queue.firstIndex()) {
                // an open file can be read after it was deleted, but a slow reader must not keep its space
                throw new QueueException(ErrorCode.QUEUE_SEGMENT_RELEASED, "the segment's file was deleted");
            }
            return stepped;
        }
        try (SegmentReader again = queue.reader(index)) {
            return again.next(view);
        }
    }

    /** Makes the subscription end where the queue ends now. */
    public void endHere() {
        limit = queue.durableIndex();
    }

    /** Returns true if more can be read at once. */
    public boolean hasMore() {
        return inside || Math.min(limit, queue.durableIndex()) > tailer.waitsAfter();
    }

    /** Waits for a further segment, at most this long. May return earlier. */
    public void await(long timeoutMs) throws InterruptedException {
        if (!hasMore()) {
            queue.awaitDurableAfter(tailer.waitsAfter(), timeoutMs);
        }
    }

    /** Returns the position up to which the subscriber has all that is for it; null: it is at the queue's beginning. */
    public @Nullable Position position() {
        return position;
    }

    /** Returns true if the run has ended: nothing more comes. */
    public boolean isOver() {
        return queue.isClosed();
    }

    @Override
    public void close() {
        tailer.close();
    }
}
