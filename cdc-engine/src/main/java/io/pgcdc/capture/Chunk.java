package io.pgcdc.capture;

import io.pgcdc.model.Relation;
import io.pgcdc.queue.ChunkLabel;

/**
 * Rows of a snapshot that were read from one table at once. Each row has the form of a pgoutput Insert message. One thread makes it, and then
 * hands it to capture.
 */
public final class Chunk {

    private final int number;
    private final Relation relation;
    private final ChunkLabel label;
    private final ChunkRows rows;
    private final boolean marker;
    private int marks;

    /**
     * Joins rows with what they are.
     *
     * @param number of the chunk; no other chunk at its LSN has it
     * @param relation layout of the rows; its version does not count
     * @param label what the queue stores with it
     */
    public Chunk(int number, Relation relation, ChunkLabel label, ChunkRows rows) {
        this(number, relation, label, rows, false);
    }

    private Chunk(int number, Relation relation, ChunkLabel label, ChunkRows rows, boolean marker) {
        this.marker = marker;
        this.number = number;
        this.relation = relation;
        this.label = label;
        this.rows = rows;
    }

    /**
     * Returns a chunk without rows that tells where something begins or ends. No change can overtake it.
     *
     * @param frames what it tells, in place of rows
     */
    public static Chunk marker(int number, Relation relation, ChunkLabel label, ChunkRows frames) {
        return new Chunk(number, relation, label, frames, true);
    }

    boolean isMarker() {
        return marker;
    }

    /** Adds {@link io.pgcdc.queue.ChunkMarks}. */
    public void mark(int more) {
        marks |= more;
    }

    /** Returns true if it has the mark. */
    public boolean has(int mark) {
        return (marks & mark) != 0;
    }

    public Relation relation() {
        return relation;
    }

    public ChunkRows rows() {
        return rows;
    }

    public int number() {
        return number;
    }

    ChunkLabel label() {
        return label;
    }

    int marks() {
        return marks;
    }
}
