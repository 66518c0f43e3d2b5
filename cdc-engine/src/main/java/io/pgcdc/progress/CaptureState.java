package io.pgcdc.progress;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.SegmentStore;
import java.util.function.LongConsumer;

/** Writes capture's checkpoint, and deletes files that nobody needs. Capture thread. */
public final class CaptureState {

    private final Checkpoint<CaptureCheckpoint> file;
    private final QueueRetention retention;
    private final QueueProgress progress;
    private final int epoch;
    private final long retainBytes;
    private final LongConsumer beforeCheckpoint;

    /**
     * Writes nothing yet.
     *
     * @param beforeCheckpoint is told the index before the checkpoint moves to it, to make durable what a start would no longer find
     */
    public CaptureState(
            Checkpoint<CaptureCheckpoint> file,
            QueueRetention retention,
            QueueProgress progress,
            int epoch,
            long retainBytes,
            LongConsumer beforeCheckpoint) {
        this.beforeCheckpoint = beforeCheckpoint;
        this.file = file;
        this.retention = retention;
        this.progress = progress;
        this.epoch = epoch;
        this.retainBytes = retainBytes;
    }

    /** Makes the flush LSN durable, then deletes files that nobody needs. Call it before you tell the server. */
    public void acknowledge(long flushLsn) {
        QueueProgress.Mark mark = progress.durableMark();
        CaptureCheckpoint next = new CaptureCheckpoint(mark.index(), epoch, mark.commitLsn(), mark.endLsn(), flushLsn);
        beforeCheckpoint.accept(mark.index());
        if (!next.equals(file.current())) {
            file.write(next);
            file.force();
        }
        release(retainBytes);
    }

    /** Deletes all files that nobody needs, also those that {@code queue.retain_bytes} keeps. Call it when space is short. */
    public void releaseAll() {
        release(0);
    }

    private void release(long keepBytes) {
        retention.release(checkpointIndex(), keepBytes);
    }

    /** Returns true if the queue holds whole transactions that a sink or this checkpoint still needs: they go when these move. */
    public boolean holdsNeeded() {
        return retention.neededFromIndex(checkpointIndex()) < progress.appendedIndex();
    }

    private long checkpointIndex() {
        CaptureCheckpoint written = file.current();
        return written == null ? SegmentStore.NONE : written.index();
    }
}
