package io.pgcdc.queue;

import io.pgcdc.error.QueueException;

/** Walks a store's durable segments in order. Belongs to one thread; never waits. */
public interface SegmentReader extends AutoCloseable {

    /**
     * Steps to the next segment and loads it.
     *
     * @return false, the buffer as before, when no further segment is durable yet: try again later
     * @throws QueueException QUEUE_DAMAGED, QUEUE_FORMAT, QUEUE_IO; the reader stays where it was
     */
    boolean next(SegmentView into);

    /**
     * Steps to the next segment and loads its header alone. Does not check the frames' CRC.
     *
     * @see #next
     */
    boolean nextHeader(SegmentHeader into);

    /** Index of the segment stepped to last; {@link SegmentStore#NONE} before the first. */
    long index();

    @Override
    void close();
}
