package io.pgcdc.sinks.kafka.format;

/** The choices of {@code format}. */
public enum FormatChoice {
    /** The native record. */
    NATIVE,
    /** Debezium's record. */
    DEBEZIUM,
    /** CloudEvents that contain the native record. */
    CLOUDEVENTS,
    /** Avro, with schemas in a registry. */
    AVRO,
    /** The payloads of an outbox's events. */
    OUTBOX
}
