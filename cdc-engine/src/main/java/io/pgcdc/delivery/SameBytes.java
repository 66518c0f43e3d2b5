package io.pgcdc.delivery;

import io.pgcdc.decode.TupleData;
import java.util.Arrays;

/** Tells in which columns an updated row has the bytes of the old row. A flyweight of one delivery thread. */
final class SameBytes {

    private boolean[] same = new boolean[16];

    /**
     * Compares two tuples.
     *
     * @param before has as many columns as {@code after}
     */
    void compare(TupleData before, TupleData after) {
        int count = after.columnCount();
        if (count > same.length) {
            same = new boolean[count];
        }
        for (int i = 0; i < count; i++) {
            same[i] = same(before, after, i);
        }
    }

    private static boolean same(TupleData before, TupleData after, int column) {
        byte kind = before.kind(column);
        if (kind != after.kind(column)) {
            // an unchanged TOAST value is not in the new tuple; it is read from the old one
            return kind == TupleData.TEXT && after.kind(column) == TupleData.UNCHANGED_TOAST;
        }
        if (kind != TupleData.TEXT) {
            return kind == TupleData.NULL;
        }
        int length = before.length(column);
        int from = before.offset(column);
        int to = after.offset(column);
        return length == after.length(column)
                && Arrays.equals(before.buffer(), from, from + length, after.buffer(), to, to + length);
    }

    /** Returns true if the column's bytes are the same in both tuples. */
    boolean in(int column) {
        return same[column];
    }
}
