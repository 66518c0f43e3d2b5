package io.pgcdc.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row, by column index of its {@link Relation}. A flyweight: valid only on the thread and within the call that
 * received it. The text of a value is UTF-8 in {@code buffer()[offset(i) .. offset(i) + length(i))}.
 */
public interface RowView {

    ValueState state(int column);

    /** Returns the array that {@link #offset} points into. It may differ from column to column. */
    byte[] buffer(int column);

    /** Returns where the value's text begins. Only for state TEXT. */
    int offset(int column);

    /** Returns the text's length in bytes. Only for state TEXT. */
    int length(int column);

    /** Returns the value's text as a string; allocates. Only for state TEXT. */
    default String text(int column) {
        return new String(buffer(column), offset(column), length(column), StandardCharsets.UTF_8);
    }

    /** Returns whether both rows exist and {@link #differ(RowView, RowView, int) differ} in one of the columns. */
    static boolean differ(@Nullable RowView before, @Nullable RowView after, int[] columns) {
        if (before != null && after != null) {
            for (int column : columns) {
                if (differ(before, after, column)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether both rows have the column and its bytes differ, or one of them is null. */
    static boolean differ(RowView before, RowView after, int column) {
        ValueState old = before.state(column);
        ValueState now = after.state(column);
        if (old == ValueState.TEXT && now == ValueState.TEXT) {
            int from = before.offset(column);
            int to = after.offset(column);
            return !Arrays.equals(
                    before.buffer(column),
                    from,
                    from + before.length(column),
                    after.buffer(column),
                    to,
                    to + after.length(column));
        }
        return (old == ValueState.NULL && now == ValueState.TEXT) || (old == ValueState.TEXT && now == ValueState.NULL);
    }
}
