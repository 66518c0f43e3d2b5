package io.pgcdc.error;

/** What trying the same thing again can bring. */
public enum Retry {
    /** The cause stays until a person changes something. */
    NEVER,
    /** The cause may pass by itself: try again after a pause that grows. */
    BACKOFF,
    /** The connection is gone: open a new one and go on from the last position. */
    RECONNECT
}
