package io.pgcdc.progress;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.SegmentStore;

/** Capture's checkpoint, and the queue's upkeep that goes with it. Capture thread. */
public final class CaptureState {

    private final Checkpoint<CaptureCheckpoint> file;
    private final Retention retention;
    private final QueueProgress progress;
    private final int epoch;
    private final long retainBytes;

    public CaptureState(
            Checkpoint<CaptureCheckpoint> file,
            Retention retention,
            QueueProgress progress,
            int epoch,
            long retainBytes) {
        this.file = file;
        this.retention = retention;
        this.progress = progress;
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
        retention.release(checkpointIndex(), keepBytes);
    }

    /** Whole transactions are stored that sinks, or this checkpoint, have yet to let go of. */
    public boolean holdsWhatWillGo() {
        return retention.neededFromIndex(checkpointIndex()) < progress.appendedIndex();
    }

    private long checkpointIndex() {
        CaptureCheckpoint written = file.current();
        return written == null ? SegmentStore.NONE : written.index();
    }
}
