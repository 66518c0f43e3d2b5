package io.pgcdc.delivery;

/** The effect of a sink's permanent failure on the other sinks. */
public enum FailurePolicy {
    /** The failed sink stops, and the others continue. */
    STOP_SINK,
    /** The whole pipeline stops. */
    STOP_PIPELINE
}
