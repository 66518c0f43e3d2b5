package io.pgcdc.sinks.debezium;

/** How numeric and money are written; Debezium's {@code decimal.handling.mode}. */
public enum DecimalMode {
    /** The unscaled integer's bytes, big-endian two's complement, in base64; with the scale beside it where the type has none of its own. */
    PRECISE,
    /** A JSON number; what a double cannot hold is rounded. */
    DOUBLE,
    /** The number's text. */
    STRING
}
