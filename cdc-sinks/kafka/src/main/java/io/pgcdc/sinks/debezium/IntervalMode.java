package io.pgcdc.sinks.debezium;

/** How interval is written; Debezium's {@code interval.handling.mode}. */
public enum IntervalMode {
    /** Microseconds, a month taken as 30.4375 days. */
    NUMERIC,
    /** ISO 8601 text, {@code P1Y2M-3DT4H5M6.7S}. */
    STRING
}
