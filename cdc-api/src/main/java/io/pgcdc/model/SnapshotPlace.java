package io.pgcdc.model;

/** Where a row of a snapshot stands in it. */
public enum SnapshotPlace {
    /** The snapshot's first row. */
    FIRST,
    /** The first row of a table that is not the snapshot's first. */
    FIRST_OF_TABLE,
    /** None of the others. */
    INSIDE,
    /** The last row of a table that is not the snapshot's last. */
    LAST_OF_TABLE,
    /** The snapshot's last row, also if it is the only one. */
    LAST,
    /** A row of a snapshot that is taken while changes are streamed. */
    INCREMENTAL
}
