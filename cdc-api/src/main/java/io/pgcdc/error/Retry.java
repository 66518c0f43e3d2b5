package io.pgcdc.error;

/** Tells whether trying again can help. */
public enum Retry {
    /** The cause stays until a person changes something. */
    NEVER,
    /** The cause may pass: retry after a pause that grows. */
    BACKOFF,
    /** The connection is lost: open a new one and continue from the last position. */
    RECONNECT
}
