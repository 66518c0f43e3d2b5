package io.pgcdc.sinks.kafka.format;

/** The content modes of the CloudEvents specification's Kafka protocol binding. */
enum CloudEventMode {
    /** The event is the record's value, in the JSON event format. */
    STRUCTURED,
    /** The data is the record's value, the attributes are its headers. */
    BINARY
}
