package io.pgcdc.model;

/** What a row view knows of one column's value. */
public enum ValueState {
    /** SQL null. */
    NULL,
    /** The value's text, in the server's output format, is there. */
    TEXT,
    /** Stored out of line, not changed, and therefore not sent. Not null: unknown. */
    UNCHANGED_TOAST,
    /** The server never sends it in this row: a column outside the key of an old row. */
    NOT_SENT
}
