package io.pgcdc.delivery;

/** What becomes of the others when a sink fails for good. */
public enum FailurePolicy {
    /** The sink stops alone. */
    STOP_SINK,
    /** Everything stops. */
    STOP_PIPELINE
}
