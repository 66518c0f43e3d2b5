package io.pgcdc.queue;

import io.pgcdc.error.QueueException;

/**
 * The durable sequence of segments between one capture thread and the sinks' threads.
 *
 * <p>Each segment has an index: opaque, never negative, increasing in the order of appending, never reused, the same after a restart.
 * Every method takes {@code index + 1} as "the first segment after it". So a reader that is done with a segment continues at
 * {@code index + 1}, even if the next segment does not exist yet.
 *
 * <p>Threads: one thread appends. One thread at a time calls {@link #sync}; it may be another one. Each reader has its own thread. Any
 * thread may call the rest.
 *
 * <p>After a failed write the store stays failed, because the content of the disk is unknown. {@link #append} and {@link #sync} then
 * throw, and nothing more becomes durable. Segments that were durable can still be read. To use the store again, open it anew: this reads
 * the files.
 */
public interface SegmentStore extends AutoCloseable {

    /** "No segment". For {@link #reader} it means "from the beginning". */
    long NONE = -1;

    /**
     * Stores a sealed segment after all others. The next {@link #sync} makes it durable and visible to readers.
     *
     * @return its index
     * @throws QueueException QUEUE_IO, or QUEUE_FULL if there is no space; the store has then failed
     */
    long append(SegmentBuilder sealed);

    /**
     * Takes disk space ahead of the next appends. The appending thread calls it now and then.
     *
     * @return false if the disk has no space; the store has not failed, and you may call again
     */
    boolean reserve();

    /**
     * Makes durable all segments whose append returned before this call.
     *
     * @throws QueueException the store has failed, in this call or earlier
     */
    void sync();

    /** Returns the index of the last appended segment, durable or not; NONE if there is none. */
    long lastIndex();

    /** Returns the index of the last durable segment, where readers end; NONE if there is none. */
    long durableIndex();

    /** Returns an index below which no segment is stored; NONE if the store is empty. It need not be a segment's own index. */
    long firstIndex();

    /**
     * Returns a reader that begins with the first segment at or after the index.
     *
     * @throws QueueException QUEUE_SEGMENT_RELEASED: segments after that index were deleted; QUEUE_DAMAGED: the store ends before that
     *     index
     */
    SegmentReader reader(long fromIndexInclusive);

    /**
     * Deletes the files whose segments are all below the index. Keeps the file of the last durable segment.
     *
     * @param index at most the lowest that a checkpoint names, capture's or a sink's
     * @param keepBytes the store keeps at least this many bytes, if it has them
     */
    void releaseBefore(long index, long keepBytes);

    /** Returns the bytes of all stored segments, before any compression by the file system. For quota and status. */
    long storedBytes();

    /**
     * Returns how many bytes of segments are before the index, counted from the first segment that was there when the store was opened. Grows with
     * the index. Of a deleted segment: the place where the store begins now. Reads memory only.
     */
    long place(long index);

    /** Closes the store without making anything durable. Close the readers first. A second call does nothing. */
    @Override
    void close();
}
