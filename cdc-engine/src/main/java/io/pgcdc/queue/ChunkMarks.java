package io.pgcdc.queue;

import io.pgcdc.model.SnapshotPlace;

/** The flags in the header of a segment with rows of a snapshot: where its rows stand in the snapshot. */
public final class ChunkMarks {

    /** The segment's first row is the snapshot's first. */
    public static final int FIRST = 1;

    /** The segment's first row is its table's first. */
    public static final int FIRST_OF_TABLE = 2;

    /** The segment's last row is its table's last. */
    public static final int LAST_OF_TABLE = 4;

    /** The segment's last row is the snapshot's last. */
    public static final int LAST = 8;

    /** The rows were read while changes were streamed. */
    public static final int INCREMENTAL = 16;

    /** The marks of a chunk that belong to its first segment. */
    static final int OF_FIRST_ROW = FIRST | FIRST_OF_TABLE;

    /** The marks of a chunk that belong to its last segment. */
    static final int OF_LAST_ROW = LAST | LAST_OF_TABLE;

    private ChunkMarks() {}

    /**
     * Returns the marks of one segment of a chunk.
     *
     * @param marks of the chunk
     */
    public static int ofSegment(int marks, boolean first, boolean last) {
        return marks & ~((first ? 0 : OF_FIRST_ROW) | (last ? 0 : OF_LAST_ROW));
    }

    /**
     * Returns where a row stands. One row can be first and last: then the last place of the snapshot counts most, then its first.
     *
     * @param marks of its segment
     */
    public static SnapshotPlace place(int marks, boolean firstRow, boolean lastRow) {
        int ofRow = ofSegment(marks, firstRow, lastRow);
        if ((marks & INCREMENTAL) != 0) {
            return SnapshotPlace.INCREMENTAL;
        } else if ((ofRow & LAST) != 0) {
            return SnapshotPlace.LAST;
        } else if ((ofRow & FIRST) != 0) {
            return SnapshotPlace.FIRST;
        } else if ((ofRow & LAST_OF_TABLE) != 0) {
            return SnapshotPlace.LAST_OF_TABLE;
        }
        return (ofRow & FIRST_OF_TABLE) != 0 ? SnapshotPlace.FIRST_OF_TABLE : SnapshotPlace.INSIDE;
    }
}
