package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/** Opens the parts of a queue that survive the process. The caller closes them. */
public interface QueueStorage {

    Checkpoint<CaptureCheckpoint> captureCheckpoint();

    Checkpoint<SinkCheckpoint> sinkCheckpoint(String sink);

    /**
     * Opens the segments.
     *
     * @param fileBytes a file that has reached this size gets no further segment
     * @param durableThrough index of the last segment that must be readable: an unreadable one up to there is damage, a torn one after it
     *     is cut off
     */
    SegmentStore segments(long fileBytes, long durableThrough);

    Layouts relations();

    GapLog gaps();

    ConfirmLog confirms();

    DeadLetterLog deadLetters(String sink);

    /** Returns what stands for a disk if the queue is only in memory; null: the queue is on a disk. */
    default @Nullable Custody custody() {
        return null;
    }

    /** Returns the free bytes on the queue's disk. */
    long freeBytes();
}
