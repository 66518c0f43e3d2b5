package io.pgcdc.model;

/**
 * The values of one row, by column index of its {@link Relation}. A flyweight: valid only on the thread and within the call
 * that was handed it. The text of a value is UTF-8 in {@code buffer()[offset(i) .. offset(i) + length(i))}.
 */
public interface RowView {

    ValueState state(int column);

    /** The bytes that {@link #offset} points into; may differ from column to column. */
    byte[] buffer(int column);

    /** Where the value's text begins; meaningful only in state TEXT. */
    int offset(int column);

    /** The text's length in bytes; meaningful only in state TEXT. */
    int length(int column);

    /** The value's text as a string; allocates. Only in state TEXT. */
    default String text(int column) {
        return new String(buffer(column), offset(column), length(column), java.nio.charset.StandardCharsets.UTF_8);
    }
}
