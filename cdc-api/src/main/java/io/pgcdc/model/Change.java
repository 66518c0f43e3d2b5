package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * One change, read-only. A flyweight: valid only on the thread and within the call that was handed it; copy what must live
 * longer. The same holds for all that its methods return, texts and {@link Relation} apart.
 *
 * <p>What every change has stands here: what happened, where and when. The rest depends on {@link #kind} and stands in one of three
 * views, of which the others are null: {@link #row}, {@link #truncate}, {@link #message}. To show a change differently, extend {@link
 * ForwardingChange}.
 */
public interface Change {

    ChangeKind kind();

    int epoch();

    /** LSN of the transaction's commit record; of the message itself for a non-transactional one. */
    long commitLsn();

    /** Place in the transaction, from 0; {@link Position#MESSAGE_ORDINAL} for a non-transactional message. */
    long ordinal();

    /** The three above as a value; allocates. */
    default Position position() {
        return new Position(epoch(), commitLsn(), ordinal());
    }

    /** LSN of the change's own record. */
    long lsn();

    /** The transaction's id, unsigned; 0 for a non-transactional message. */
    int xid();

    /** Commit time in microseconds since 1970-01-01 UTC. For a non-transactional message: when the server sent it. */
    long commitTimeMicros();

    /** Name of the replication origin, when the transaction was replayed from elsewhere. */
    @Nullable
    String origin();

    /** The table's layout; null for MESSAGE. */
    @Nullable
    Relation relation();

    /** INSERT, UPDATE and DELETE: the row. Null otherwise. */
    @Nullable
    RowChange row();

    /** TRUNCATE: its options. Null otherwise. */
    @Nullable
    TruncateView truncate();

    /** MESSAGE: prefix, content and whether it belongs to a transaction. Null otherwise. */
    @Nullable
    MessageView message();
}
