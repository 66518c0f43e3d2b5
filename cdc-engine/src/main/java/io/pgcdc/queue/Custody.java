package io.pgcdc.queue;

import java.util.function.LongConsumer;

/**
 * Takes the place of a disk for a queue that is only in memory. What left the queue is in somebody else's hands, who keeps the positions and the
 * ledgers with it. A restart continues from those.
 */
public interface Custody {

    /** Returns the index up to which all segments were handed over; {@link SegmentStore#NONE}: none was. Any thread. */
    long handedOverThrough();

    /**
     * Asks if the server may forget the WAL before an LSN. Capture thread.
     *
     * @param flushLsn end of what was handed over, and of what needs no handing over
     * @return the LSN that the other has made durable: at most {@code flushLsn}, never less than an earlier answer
     */
    long grant(long flushLsn);

    /**
     * Sets what writes the ledgers of snapshots. It is told the index of a segment just before that is handed over, so that both become durable
     * together. Call it before the first segment is handed over.
     */
    void beforeHandingOver(LongConsumer ledgers);
}
