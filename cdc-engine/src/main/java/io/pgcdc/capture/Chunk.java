package io.pgcdc.capture;

import io.pgcdc.model.Relation;
import java.util.Arrays;

/**
 * Rows of a snapshot that were read from one table at once. Each row has the form of a pgoutput Insert message. One thread fills it, and
 * then hands it to capture.
 */
public final class Chunk {

    private static final int INITIAL_BYTES = 64 << 10;

    private final int number;
    private final Relation relation;
    private final byte[] description;
    private int marks;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int[] ends = new int[1024];
    private int rows;

    /**
     * Makes an empty one.
     *
     * @param number of the chunk; no other chunk at its LSN has it
     * @param relation layout of the rows; its version does not count
     * @param description what the ledger writes for this chunk
     */
    public Chunk(int number, Relation relation, byte[] description) {
        this.number = number;
        this.relation = relation;
        this.description = description;
    }

    /** Adds a row: the message in {@code buffer[0 .. length)}. */
    public void add(byte[] buffer, int length) {
        int from = bytes();
        if (bytes.length - from < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, from + length));
        }
        System.arraycopy(buffer, 0, bytes, from, length);
        if (rows == ends.length) {
            ends = Arrays.copyOf(ends, 2 * rows);
        }
        ends[rows++] = from + length;
    }

    /** Adds {@link io.pgcdc.queue.ChunkMarks}. */
    public void mark(int more) {
        marks |= more;
    }

    public int rows() {
        return rows;
    }

    /** Returns the bytes of all rows. */
    public int bytes() {
        return rows == 0 ? 0 : ends[rows - 1];
    }

    public Relation relation() {
        return relation;
    }

    int number() {
        return number;
    }

    byte[] description() {
        return description;
    }

    int marks() {
        return marks;
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
