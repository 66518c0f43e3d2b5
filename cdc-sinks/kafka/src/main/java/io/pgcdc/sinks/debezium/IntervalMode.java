package io.pgcdc.sinks.debezium;

/** The form of interval; Debezium's {@code interval.handling.mode}. */
public enum IntervalMode {
    /** Microseconds, with 30.4375 days per month. */
    NUMERIC,
    /** ISO 8601 text, {@code P1Y2M-3DT4H5M6.7S}. */
    STRING
}
