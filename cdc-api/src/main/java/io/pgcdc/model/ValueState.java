package io.pgcdc.model;

/** The state of one column's value in a row view. */
public enum ValueState {
    /** SQL null. */
    NULL,
    /** The value has a text, in the server's output format. */
    TEXT,
    /** The value is stored out of line and was not changed, so the server did not send it. It is not null, but unknown. */
    UNCHANGED_TOAST,
    /** The server never sends this column in this row: a column outside the key in an old row. */
    NOT_SENT
}
