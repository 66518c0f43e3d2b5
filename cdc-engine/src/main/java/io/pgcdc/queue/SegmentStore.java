package io.pgcdc.queue;

import io.pgcdc.error.QueueException;

/**
 * The durable sequence of segments between one capture thread and the sinks' threads.
 *
 * <p>Each segment has an index: opaque, never negative, increasing in the order of appending, never used again, the same after
 * a restart. {@code index + 1} means "whatever comes behind it" wherever an index is taken, so a reader that has dealt with a
 * segment goes on at {@code index + 1}, though that segment may not exist yet.
 *
 * <p>Threads: one appends; one at a time calls {@link #sync}, which may be another; each reader has its own; the rest is for any.
 *
 * <p>A store that failed to write stays failed: {@link #append} and {@link #sync} throw from then on and nothing more becomes
 * durable, for what the disk holds is no longer known. What was durable before can still be read. Only opening it anew, which
 * looks at the files themselves, makes it usable again.
 */
public interface SegmentStore extends AutoCloseable {

    /** "No segment". Taken by {@link #reader} as "from the beginning". */
    long NONE = -1;

    /**
     * Stores a sealed segment behind all others. It is not durable and no reader sees it before the next {@link #sync}.
     *
     * @return its index
     * @throws QueueException QUEUE_IO, QUEUE_FULL when there is no room; the store has failed then
     */
    long append(SegmentBuilder sealed);

    /**
     * Takes space ahead of the next appends. The appending thread, now and then.
     *
     * @return false when the disk has none; nothing has failed, and it may be asked again
     */
    boolean reserve();

    /**
     * Returns once every segment whose append had returned before this call is durable.
     *
     * @throws QueueException the store has failed, now or before
     */
    void sync();

    /** Index of the last appended segment, durable or not; NONE when there is none. */
    long lastIndex();

    /** Index of the last durable segment: readers go as far as that. NONE when there is none. */
    long durableIndex();

    /** No segment is stored below this index; NONE when nothing is stored. Not always a segment's own index. */
    long firstIndex();

    /**
     * A reader whose first segment is the first one at or behind the index.
     *
     * @throws QueueException QUEUE_SEGMENT_RELEASED when segments from there on were released; QUEUE_DAMAGED when the store never
     *     came as far as that index
     */
    SegmentReader reader(long fromIndexInclusive);

    /**
     * Gives back the space of segments below the index, as far as whole files lie below it. The file of the last durable segment
     * stays. The index must not lie beyond what any checkpoint, the capture's included, still names.
     *
     * @param keepBytes so much stays in any case, if there is so much
     */
    void releaseBefore(long index, long keepBytes);

    /** Bytes of segments held, before file system compression and the like; for quotas and status. */
    long storedBytes();

    /** Ends the store and what it opened, without making anything durable. Readers must be closed first. Idempotent. */
    @Override
    void close();
}
