package io.pgcdc.connect.config;

/** The form of a record's key and value. */
public enum Values {
    /** Data with a schema, for any converter. */
    STRUCT,
    /** The bytes that the Kafka sink writes, for ByteArrayConverter. */
    BYTES
}
