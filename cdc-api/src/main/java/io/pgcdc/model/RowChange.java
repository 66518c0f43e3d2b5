package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/** What a {@link Change} did to one row. A flyweight, like the change it belongs to. */
public interface RowChange {

    /**
     * UPDATE and DELETE: the old row as far as the server sent it (all columns under REPLICA IDENTITY FULL, else the key's; an
     * update that left the key alone has none). Null otherwise.
     */
    @Nullable
    RowView oldRow();

    /** INSERT and UPDATE: the new row. Null otherwise. */
    @Nullable
    RowView newRow();

    /** Whether {@link #isChanged} can be answered: an UPDATE whose whole old row was sent (REPLICA IDENTITY FULL). */
    boolean changedFieldsKnown();

    /**
     * Returns whether the column's old and new value differ as jsonb.
     *
     * @throws IllegalStateException unless {@link #changedFieldsKnown}
     */
    boolean isChanged(int column);

    /**
     * Returns whether {@link #oldRow} and {@link #newRow} hold the same bytes in that column, or both null; the column is then not
     * changed. False says nothing: values that are equal may be written differently, and it is always false unless {@link
     * #changedFieldsKnown}.
     */
    boolean hasSameBytes(int column);
}
