package io.pgcdc.sinks.debezium;

/** The form of bytea and of the content of messages; Debezium's {@code binary.handling.mode}. */
public enum BinaryMode {
    /** Bytes, which are base64 in JSON. */
    BYTES,
    /** A string of base64. */
    BASE64,
    /** A string of base64 with {@code -} and {@code _} instead of {@code +} and {@code /}. */
    BASE64_URL_SAFE,
    /** A string of lower-case hexadecimal digits. */
    HEX
}
