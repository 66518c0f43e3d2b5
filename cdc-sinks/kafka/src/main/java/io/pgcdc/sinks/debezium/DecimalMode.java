package io.pgcdc.sinks.debezium;

/** The form of numeric and money; Debezium's {@code decimal.handling.mode}. */
public enum DecimalMode {
    /** The unscaled integer's bytes, big-endian two's complement, in base64. If the type has no scale, the value has it. */
    PRECISE,
    /** A JSON number, rounded to a double. */
    DOUBLE,
    /** The number's text. */
    STRING
}
