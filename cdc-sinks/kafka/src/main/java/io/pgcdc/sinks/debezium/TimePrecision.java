package io.pgcdc.sinks.debezium;

/**
 * The form of date, time and timestamp; Debezium's {@code time.precision.mode}. Values with a time zone are ISO 8601 text in all
 * modes.
 */
public enum TimePrecision {
    /** Dates are days. Times and timestamps are milliseconds for a precision of 0 to 3, otherwise microseconds. */
    ADAPTIVE,
    /** Like {@link #ADAPTIVE}, but times of day are always in microseconds. */
    ADAPTIVE_TIME_MICROSECONDS,
    /** The types of Kafka Connect: days and milliseconds. Finer fractions are cut. */
    CONNECT,
    /** ISO 8601 text that ends with Z. */
    ISOSTRING
}
