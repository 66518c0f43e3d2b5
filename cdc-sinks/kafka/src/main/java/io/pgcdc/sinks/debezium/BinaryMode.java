package io.pgcdc.sinks.debezium;

/** How bytea and the content of messages are written; Debezium's {@code binary.handling.mode}. */
public enum BinaryMode {
    /** Bytes, which JSON shows as base64. */
    BYTES,
    /** A string of base64. */
    BASE64,
    /** A string of base64 with {@code -} and {@code _} for {@code +} and {@code /}. */
    BASE64_URL_SAFE,
    /** A string of hexadecimal digits, lower case. */
    HEX
}
