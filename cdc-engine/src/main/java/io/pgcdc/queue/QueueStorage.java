package io.pgcdc.queue;

/** What of a queue survives the process: opens each part of it, to be closed by the caller. */
public interface QueueStorage {

    Checkpoint<CaptureCheckpoint> captureCheckpoint();

    Checkpoint<SinkCheckpoint> sinkCheckpoint(String sink);

    /**
     * The segments.
     *
     * @param fileBytes how large a file becomes before the next one is begun
     * @param durableThrough a segment up to this one that cannot be read is damage; what is torn behind it is cut off
     */
    SegmentStore segments(long fileBytes, long durableThrough);

    Layouts relations();

    GapLog gaps();

    DeadLetterLog deadLetters(String sink);

    /** Returns the bytes that are free where the queue lies. */
    long freeBytes();
}
