package io.pgcdc.capture;

import java.util.Arrays;

/** The bytes of a chunk's rows. Used for one chunk after the other, because fresh memory is dear. One thread at a time. */
public final class ChunkRows {

    private static final int INITIAL_BYTES = 64 << 10;
    private static final int INITIAL_ROWS = 1 << 10;

    private byte[] bytes = new byte[INITIAL_BYTES];

    /** The end of each row in the bytes. */
    private int[] ends = new int[INITIAL_ROWS];

    private int count;

    /** Adds a row: the message in {@code buffer[0 .. length)}. */
    public void add(byte[] buffer, int length) {
        int from = bytes();
        if (bytes.length - from < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, from + length));
        }
        System.arraycopy(buffer, 0, bytes, from, length);
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = from + length;
    }

    /** Tells if a row is to be removed: the message in {@code buffer[offset .. offset + length)}. */
    interface Test {
        boolean outdated(byte[] buffer, int offset, int length);
    }

    /** Takes a row: the message in {@code buffer[offset .. offset + length)}. */
    public interface Taker {
        void row(byte[] buffer, int offset, int length);
    }

    /** Gives all rows to the taker. */
    public void forEach(Taker taker) {
        for (int row = 0; row < count; row++) {
            taker.row(bytes, offset(row), length(row));
        }
    }

    /** Gives the last row to the taker, if there is one. */
    public void last(Taker taker) {
        if (count > 0) {
            taker.row(bytes, offset(count - 1), length(count - 1));
        }
    }

    /** Removes the rows that the test says. */
    void removeIf(Test test) {
        int kept = 0;
        int from = 0;
        int to = 0;
        for (int row = 0; row < count; row++) {
            int length = ends[row] - from;
            if (!test.outdated(bytes, from, length)) {
                System.arraycopy(bytes, from, bytes, to, length);
                to += length;
                from = ends[row];
                ends[kept++] = to;
            } else {
                from = ends[row];
            }
        }
        count = kept;
    }

    /** Removes all rows. */
    public void clear() {
        count = 0;
    }

    public int count() {
        return count;
    }

    /** Returns the bytes of all rows. */
    public int bytes() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** Returns the bytes that it holds in memory. */
    public int capacity() {
        return bytes.length;
    }

    byte[] array() {
        return bytes;
    }

    int offset(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    int length(int row) {
        return ends[row] - offset(row);
    }
}
