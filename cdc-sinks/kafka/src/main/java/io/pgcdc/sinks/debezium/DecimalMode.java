package io.pgcdc.sinks.debezium;

/** The form of numeric and money; Debezium's {@code decimal.handling.mode}. */
public enum DecimalMode {
    /**
     * Base64 of the unscaled integer in big-endian two's complement. If the column's type has no scale, each value contains its
     * scale.
     */
    PRECISE,
    /** A JSON number, rounded to a double. */
    DOUBLE,
    /** The number's text. */
    STRING
}
