package io.pgcdc.sinks.debezium;

/** How date, time and timestamp are written; Debezium's {@code time.precision.mode}. Those with a time zone are ISO 8601 text in each mode. */
public enum TimePrecision {
    /** Days; milliseconds for a precision of 0 to 3, else microseconds. */
    ADAPTIVE,
    /** As ADAPTIVE, but times of day are always in microseconds. */
    ADAPTIVE_TIME_MICROSECONDS,
    /** Kafka Connect's own types: days and milliseconds; finer fractions are cut off. */
    CONNECT,
    /** ISO 8601 text, with a Z. */
    ISOSTRING
}
