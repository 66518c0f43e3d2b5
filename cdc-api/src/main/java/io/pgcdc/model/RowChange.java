package io.pgcdc.model;

import org.jspecify.annotations.Nullable;

/** What a {@link Change} did to one row. A flyweight, like the change it belongs to. */
public interface RowChange {

    /**
     * Returns the old row of an UPDATE or DELETE, as far as the server sent it, else null. Under REPLICA IDENTITY FULL the row has
     * all columns, otherwise the key's. An UPDATE that does not change the key has no old row then.
     */
    @Nullable
    RowView oldRow();

    /** Returns the new row of an INSERT or UPDATE, else null. */
    @Nullable
    RowView newRow();

    /** Returns whether {@link #isChanged} can be called: for an UPDATE with the whole old row (REPLICA IDENTITY FULL). */
    boolean changedFieldsKnown();

    /**
     * Returns whether the column's old and new value differ as jsonb.
     *
     * @throws IllegalStateException unless {@link #changedFieldsKnown}
     */
    boolean isChanged(int column);

    /**
     * Returns whether {@link #oldRow} and {@link #newRow} hold the same bytes in this column, or both null. If true, the column is
     * not changed. If false, it may still be unchanged: equal values can have different texts. Always false unless {@link
     * #changedFieldsKnown}.
     */
    boolean hasSameBytes(int column);
}
