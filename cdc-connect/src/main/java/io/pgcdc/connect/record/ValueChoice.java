package io.pgcdc.connect.record;

/** The choices of {@code values}: what keys and values are before the worker's converters. */
public enum ValueChoice {
    /**
     * Structs with schemas, for converters such as JsonConverter and AvroConverter. An outbox's keys and payloads are text: StringConverter writes the
     * bytes of the Kafka sink; JsonConverter would write a JSON string that contains the payload.
     */
    STRUCT,
    /** The bytes of the format, for ByteArrayConverter. */
    BYTES
}
