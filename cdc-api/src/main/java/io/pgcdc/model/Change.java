package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * One change, read-only. A flyweight: valid only on the thread and within the call that received it. Copy what must live longer.
 * The same holds for all that its methods return, except strings and {@link Relation}.
 *
 * <p>The methods here apply to every change: what happened, where and when. The rest depends on {@link #kind}: one of {@link #row},
 * {@link #truncate} and {@link #message} returns a view, the others return null. To present a change differently, extend {@link
 * ForwardingChange}.
 */
public interface Change {

    ChangeKind kind();

    int epoch();

    /** Returns the LSN of the transaction's commit record; of a non-transactional message, its own; of a READ, what its snapshot shows. */
    long commitLsn();

    /**
     * Returns the place in the transaction, from 0; {@link Position#MESSAGE_ORDINAL} for a non-transactional message; from {@link
     * Position#FIRST_READ_ORDINAL} for a READ.
     */
    long ordinal();

    /** Returns epoch, commit LSN and ordinal as one value. Allocates. */
    default Position position() {
        return new Position(epoch(), commitLsn(), ordinal());
    }

    /** Returns the LSN of the change's own WAL record; of a READ, what its snapshot shows. */
    long lsn();

    /** Returns the transaction's id, unsigned; 0 for a non-transactional message and a READ. */
    int xid();

    /**
     * Returns the commit time in microseconds since 1970-01-01 UTC. For a non-transactional message: when the server sent it. For a
     * READ: the time at which the row was as it is shown.
     */
    long commitTimeMicros();

    /** Returns the name of the replication origin if the transaction was replayed from another server, else null. */
    @Nullable
    String origin();

    /** Returns the table's layout; null for MESSAGE. */
    @Nullable
    Relation relation();

    /** Returns where a READ stands in its snapshot, else null. */
    @Nullable
    SnapshotPlace snapshot();

    /**
     * Returns true if a snapshot was being read when the change was captured. A sink may then lack the row that an UPDATE or a DELETE changes: it
     * gets the row later, as a READ. Also true in a replay: the row may have been deleted since.
     */
    default boolean duringSnapshot() {
        return false;
    }

    /** Returns the row of an INSERT, UPDATE, DELETE or READ, else null. A READ has a new row only. */
    @Nullable
    RowChange row();

    /** Returns the options of a TRUNCATE, else null. */
    @Nullable
    TruncateView truncate();

    /** Returns prefix, content and transactionality of a MESSAGE, else null. */
    @Nullable
    MessageView message();
}
