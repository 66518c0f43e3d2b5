package io.pgcdc.sinks.kafka.format;

/** The choices of {@code format}. */
public enum FormatChoice {
    /** The native record. */
    NATIVE,
    /** Debezium's record. */
    DEBEZIUM,
    /** Events as the CloudEvents specification has them, around the native record. */
    CLOUDEVENTS,
    /** Avro, with schemas in a registry. */
    AVRO,
    /** Events of an outbox, without anything around them. */
    OUTBOX
}
