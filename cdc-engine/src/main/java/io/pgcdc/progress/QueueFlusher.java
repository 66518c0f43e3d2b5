package io.pgcdc.progress;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.queue.SegmentStore;
import org.jspecify.annotations.Nullable;

/**
 * Forces appended segments to disk, on its own thread. Appends during one force gather for the next. So under load one force serves many
 * transactions, and a single transaction does not wait.
 */
public final class QueueFlusher implements Worker {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final Lifecycle lifecycle;

    /** The mark that the next turn forces, or null. */
    private QueueProgress.@Nullable Mark next;

    public QueueFlusher(SegmentStore store, QueueProgress progress, Lifecycle lifecycle) {
        this.store = store;
        this.progress = progress;
        this.lifecycle = lifecycle;
    }

    /**
     * Waits for a mark to force, or forces the mark that the last turn found. Returns false when {@link QueueProgress} is closed and nothing
     * is left, or after a failure.
     */
    @Override
    public boolean turn(long waitMs) {
        try {
            QueueProgress.Mark mark = next;
            if (mark == null) {
                next = progress.awaitUnforced(waitMs);
                return next != null || !progress.isClosed();
            }
            next = null;
            store.sync();
            progress.durable(mark);
            return true;
        } catch (Throwable failure) {
            lifecycle.fail(failure);
            return false;
        }
    }

    @Override
    public void end() {}
}
