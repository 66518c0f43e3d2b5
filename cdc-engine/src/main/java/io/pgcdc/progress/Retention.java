package io.pgcdc.progress;

import io.pgcdc.queue.SegmentStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the queue's files that nobody needs: those before what a sink's checkpoint, or capture's, names. It does so under this object's
 * monitor. So a sink that wants older files ({@link #hold}) either comes before a deletion, which then spares them, or finds them gone.
 */
public final class Retention {

    private final SegmentStore store;

    /** Complete before another thread starts. */
    private final List<SinkProgress> sinks = new ArrayList<>();

    public Retention(SegmentStore store) {
        this.store = store;
    }

    /** Adds a sink. The thread that starts the pipeline. */
    public void add(SinkProgress sink) {
        sinks.add(sink);
    }

    /** Keeps all files that are there now, until the sink's checkpoint is forced next. The sink's thread. */
    public synchronized void hold(SinkProgress sink) {
        sink.needAll();
    }

    /**
     * Deletes what nobody needs. Capture thread.
     *
     * @param captureIndex index that capture's checkpoint names
     * @param keepBytes so much stays in any case
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
