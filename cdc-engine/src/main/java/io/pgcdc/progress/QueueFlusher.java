package io.pgcdc.progress;

import io.pgcdc.life.Lifecycle;
import io.pgcdc.queue.SegmentStore;

/**
 * Forces appended segments to disk, off the capture thread. While one force runs, others' appends gather for the next: under load
 * one force serves many transactions, and a lone one waits for nothing.
 */
public final class QueueFlusher implements Runnable {

    private final SegmentStore store;
    private final QueueProgress progress;
    private final Lifecycle lifecycle;

    public QueueFlusher(SegmentStore store, QueueProgress progress, Lifecycle lifecycle) {
        this.store = store;
        this.progress = progress;
        this.lifecycle = lifecycle;
    }

    @Override
    public void run() {
        try {
            for (QueueProgress.Mark mark = progress.awaitUnforced(); mark != null; mark = progress.awaitUnforced()) {
                force(mark);
            }
        } catch (Throwable failure) {
            lifecycle.fail(failure);
        }
    }

    /** Makes everything up to there durable, and says so. */
    public void force(QueueProgress.Mark mark) {
        store.sync();
        progress.durable(mark);
    }
}
