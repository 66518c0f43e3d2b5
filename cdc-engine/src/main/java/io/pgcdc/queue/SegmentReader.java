package io.pgcdc.queue;

import io.pgcdc.error.QueueException;

/** Walks a store's durable segments in order. Belongs to one thread; never waits. */
public interface SegmentReader extends AutoCloseable {

    /**
     * Steps to the next segment and loads it.
     *
     * @return false if no further segment is durable yet; the buffer is unchanged, and you may try again later
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO; the reader keeps its place
     */
    boolean next(SegmentView into);

    /**
     * Steps to the next segment and loads its header alone. Does not check the frames' CRC.
     *
     * @see #next
     */
    boolean nextHeader(SegmentHeader into);

    /** Returns the index of the last segment stepped to; {@link SegmentStore#NONE} before the first step. */
    long index();

    @Override
    void close();
}
