package io.pgcdc.queue;

/** What capture does when the queue has reached its quota. */
public enum FullPolicy {
    /** It stops reading until sinks have gone on; the primary keeps its WAL meanwhile. */
    PAUSE,
    /** It ends with an error. */
    FAIL
}
