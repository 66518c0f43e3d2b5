package io.pgcdc.progress;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.SegmentStore;
import java.util.List;

/** Capture's checkpoint, and the queue's upkeep that goes with it. Capture thread. */
public final class CaptureState {

    private final Checkpoint<CaptureCheckpoint> file;
    private final SegmentStore store;
    private final QueueProgress progress;
    private final List<SinkProgress> sinks;
    private final int epoch;
    private final long retainBytes;

    public CaptureState(
            Checkpoint<CaptureCheckpoint> file,
            SegmentStore store,
            QueueProgress progress,
            List<SinkProgress> sinks,
            int epoch,
            long retainBytes) {
        this.file = file;
        this.store = store;
        this.progress = progress;
        this.sinks = sinks;
        this.epoch = epoch;
        this.retainBytes = retainBytes;
    }

    /** Makes the flush LSN durable here, before the server hears of it, and lets go of files. */
    public void acknowledge(long flushLsn) {
        QueueProgress.Mark mark = progress.durableMark();
        CaptureCheckpoint next = new CaptureCheckpoint(mark.index(), epoch, mark.commitLsn(), mark.endLsn(), flushLsn);
        if (!next.equals(file.current())) {
            file.write(next);
            file.force();
        }
        release(retainBytes);
    }

    /** Room is short: lets go of all files that no sink needs. */
    public void releaseAll() {
        release(0);
    }

    private void release(long keepBytes) {
        store.releaseBefore(neededFromIndex(), keepBytes);
    }

    /** Whole transactions are stored that sinks, or this checkpoint, have yet to let go of. */
    public boolean holdsWhatWillGo() {
        return neededFromIndex() < progress.appendedIndex();
    }

    private long neededFromIndex() {
        CaptureCheckpoint written = file.current();
        long needed = written == null ? SegmentStore.NONE : written.index();
        for (SinkProgress sink : sinks) {
            needed = Math.min(needed, sink.neededFromIndex());
        }
        return needed;
    }
}
