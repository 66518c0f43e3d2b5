package io.pgcdc.sinks.kafka.format;

/** The choices of {@code format}. */
public enum FormatChoice {
    /** The native record. */
    NATIVE,
    /** Events of an outbox, without anything around them. */
    OUTBOX
}
