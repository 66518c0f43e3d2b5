package io.pgcdc.queue;

/** Capture's reaction when the queue reaches its quota. */
public enum FullPolicy {
    /** Capture stops reading until sinks make progress. The primary keeps its WAL meanwhile. */
    PAUSE,
    /** The run ends with an error. */
    FAIL
}
