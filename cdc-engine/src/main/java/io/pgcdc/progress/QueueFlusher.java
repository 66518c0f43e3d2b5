package io.pgcdc.progress;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.queue.SegmentStore;
import org.jspecify.annotations.Nullable;

/**
 * Forces appended segments to disk, off the capture thread. Appends that come while one force runs gather for the next: under load
 * one force serves many transactions, and a single one does not wait.
 */
public final class QueueFlusher implements Worker {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final Lifecycle lifecycle;

    /** What the next turn forces. */
    private QueueProgress.@Nullable Mark next;

    public QueueFlusher(SegmentStore store, QueueProgress progress, Lifecycle lifecycle) {
        this.store = store;
        this.progress = progress;
        this.lifecycle = lifecycle;
    }

    /**
     * Waits for something to force, or forces what the last turn found. The last turn comes once {@link QueueProgress} is closed and
     * nothing is left.
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
