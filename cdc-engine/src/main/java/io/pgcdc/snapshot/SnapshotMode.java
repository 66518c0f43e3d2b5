package io.pgcdc.snapshot;

/** Whether a run begins with the rows that exist. */
public enum SnapshotMode {
    /** No: only changes are delivered. */
    NEVER,
    /** With the rows, when pgcdc creates the slot; then the changes. */
    INITIAL,
    /** With the rows; then the run ends. */
    ONLY
}
