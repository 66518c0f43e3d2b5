package io.pgcdc.progress;

import io.pgcdc.queue.SegmentStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which of the queue's files must stay: those that a checkpoint still needs, a sink's or capture's. Files are deleted under this
 * object's monitor. So if a sink's {@link #hold} comes before a deletion, the deletion spares the files; otherwise the sink finds them gone.
 */
public final class QueueRetention {

    private final SegmentStore store;

    /** Filled before another thread starts. */
    private final List<SinkProgress> sinks = new ArrayList<>();

    public QueueRetention(SegmentStore store) {
        this.store = store;
    }

    /** Adds a sink. Called by the thread that starts the pipeline. */
    public void add(SinkProgress sink) {
        sinks.add(sink);
    }

    /** Keeps all existing files until the sink's checkpoint is next forced. The sink's thread. */
    public synchronized void hold(SinkProgress sink) {
        sink.needAll();
    }

    /**
     * Deletes the files that nobody needs. Capture thread.
     *
     * @param captureIndex index that capture's checkpoint names
     * @param keepBytes at least this many bytes stay
     */
    synchronized void release(long captureIndex, long keepBytes) {
        store.releaseBefore(neededFromIndex(captureIndex), keepBytes);
    }

    /** Returns the index of the first segment that is still needed. */
    long neededFromIndex(long captureIndex) {
        long needed = captureIndex;
        for (SinkProgress sink : sinks) {
            needed = Math.min(needed, sink.neededFromIndex());
        }
        return needed;
    }
}
