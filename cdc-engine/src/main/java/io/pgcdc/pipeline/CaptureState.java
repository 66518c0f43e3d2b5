package io.pgcdc.pipeline;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.SegmentStore;
import java.util.List;

/** Capture's checkpoint, and the queue's upkeep that goes with it. Capture thread. */
final class CaptureState {

    private final Checkpoint<CaptureCheckpoint> file;
    private final SegmentStore store;
    private final QueueProgress progress;
    private final List<SinkProgress> sinks;
    private final int epoch;

    CaptureState(
            Checkpoint<CaptureCheckpoint> file,
            SegmentStore store,
            QueueProgress progress,
            List<SinkProgress> sinks,
            int epoch) {
        this.file = file;
        this.store = store;
        this.progress = progress;
        this.sinks = sinks;
        this.epoch = epoch;
    }

    /** Makes the flush LSN durable here, before the server hears of it, and lets go of files. */
    void acknowledge(long flushLsn) {
        QueueProgress.Mark mark = progress.durableMark();
        CaptureCheckpoint next = new CaptureCheckpoint(mark.index(), epoch, mark.commitLsn(), mark.endLsn(), flushLsn);
        if (!next.equals(file.current())) {
            file.write(next);
            file.force();
        }
        release();
    }

    /** Lets go of files that nobody will read again. */
    void release() {
        CaptureCheckpoint written = file.current();
        if (written == null) {
            return;
        }
        long needed = written.index();
        for (SinkProgress sink : sinks) {
            needed = Math.min(needed, sink.neededFromIndex());
        }
        store.releaseBefore(needed);
    }
}
