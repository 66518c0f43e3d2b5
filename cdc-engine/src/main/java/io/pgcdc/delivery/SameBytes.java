package io.pgcdc.delivery;

import io.pgcdc.decode.TupleData;
import java.util.Arrays;

/** In which columns an updated row holds the bytes of the old one. A flyweight of one delivery thread. */
final class SameBytes {

    private boolean[] same = new boolean[16];

    /** @param before has as many columns as {@code after} */
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
            // what the new tuple leaves out as unchanged is read from the old one
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

    boolean in(int column) {
        return same[column];
    }
}
