package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/**
 * One change, read-only. A flyweight: valid only on the thread and within the call that was handed it; copy what must live
 * longer.
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

    /**
     * UPDATE and DELETE: the old row as far as the server sent it (all columns under REPLICA IDENTITY FULL, else the key's; an
     * update that left the key alone has none). Null otherwise.
     */
    @Nullable
    RowView oldRow();

    /** INSERT and UPDATE: the new row. Null otherwise. */
    @Nullable
    RowView newRow();

    /** UPDATE: whether {@link #isChanged} can be answered, which takes the whole old row (REPLICA IDENTITY FULL). */
    boolean changedFieldsKnown();

    /** Whether the column's old and new value differ as jsonb. Only when {@link #changedFieldsKnown}. */
    boolean isChanged(int column);

    /**
     * Whether {@link #oldRow} and {@link #newRow} hold the same bytes in that column, or both null; the column is then not changed.
     * False says nothing: always so unless {@link #changedFieldsKnown}, and values that are equal may be written differently.
     */
    boolean hasSameBytes(int column);

    /** TRUNCATE: its CASCADE. */
    boolean cascade();

    /** TRUNCATE: its RESTART IDENTITY. */
    boolean restartIdentity();

    /** MESSAGE: prefix, content and whether it belongs to a transaction; null otherwise. */
    @Nullable
    MessageView message();
}
