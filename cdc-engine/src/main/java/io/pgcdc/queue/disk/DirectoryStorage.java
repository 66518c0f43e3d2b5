package io.pgcdc.queue.disk;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.ConfirmLog;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.queue.GapLog;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.QueueStorage;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;

/** The parts of a queue, in the files of its directory. */
public final class DirectoryStorage implements QueueStorage {

    private final QueueDirectory directory;

    public DirectoryStorage(QueueDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Checkpoint<CaptureCheckpoint> captureCheckpoint() {
        return CheckpointFile.open(directory.captureCheckpoint(), CaptureCheckpoint.LAYOUT);
    }

    @Override
    public Checkpoint<SinkCheckpoint> sinkCheckpoint(String sink) {
        return CheckpointFile.open(directory.sinkCheckpoint(sink), SinkCheckpoint.LAYOUT);
    }

    @Override
    public SegmentStore segments(long fileBytes, long durableThrough) {
        return ChronicleSegmentStore.open(directory.segments(), fileBytes, durableThrough);
    }

    @Override
    public Layouts relations() {
        return Layouts.open(LayoutFile.open(directory.relations()));
    }

    @Override
    public GapLog gaps() {
        return directory.gaps();
    }

    @Override
    public ConfirmLog confirms() {
        return directory.confirms();
    }

    @Override
    public DeadLetterLog deadLetters(String sink) {
        return directory.deadLetters(sink);
    }

    @Override
    public long freeBytes() {
        return LocalDisk.freeBytes(directory.path());
    }
}
