package io.pgcdc.queue;

import org.jspecify.annotations.Nullable;

/**
 * Where a queue is kept: its identity, its parts, and the ledgers of its snapshots. One process at a time has it open. Compare it with the
 * server through {@link #bind}, then open its parts. Belongs to the thread that starts and stops.
 */
public interface QueueHome extends AutoCloseable {

    /** Returns the identity, or null until a new queue is bound. */
    @Nullable
    QueueIdentity identity();

    /**
     * Gives a new queue its identity, or compares an existing queue's identity with the server's.
     *
     * @return the stored identity, with the stored timeline, which the caller judges
     * @throws io.pgcdc.error.QueueException QUEUE_OTHER_SOURCE if the queue holds another stream
     */
    QueueIdentity bind(QueueIdentity source);

    /** Stores the timeline of the WAL that is received from now on. */
    void changeTimeline(int timeline);

    /** Returns the text of the ledger of the snapshot that the pipeline begins with. */
    LedgerFile ledger();

    /** Returns the ledgers of the snapshots that were ordered during a run. */
    LedgerFiles orderedSnapshots();

    /** Opens the parts. Call it once the queue is bound. */
    QueueStorage storage();

    @Override
    void close();
}
