package io.pgcdc.sinks.debezium;

/**
 * The form of date, time and timestamp; Debezium's {@code time.precision.mode}. Values with a time zone are ISO 8601 text in each
 * mode.
 */
public enum TimePrecision {
    /** Days; milliseconds for a precision of 0 to 3, else microseconds. */
    ADAPTIVE,
    /** Like ADAPTIVE, but times of day are always in microseconds. */
    ADAPTIVE_TIME_MICROSECONDS,
    /** Kafka Connect's own types: days and milliseconds. Finer fractions are cut. */
    CONNECT,
    /** ISO 8601 text, with a Z. */
    ISOSTRING
}
