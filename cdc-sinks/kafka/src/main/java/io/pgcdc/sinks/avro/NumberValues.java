package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.NumberText;

/** Writes numbers of a fixed size, and bool. */
final class NumberValues {

    private NumberValues() {}

    static void appendBool(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendBool(NumberText.bool(b, offset, length), out);
    }

    static void appendInteger(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendLong(NumberText.integer(b, offset, length), out);
    }

    /** Appends a float. Like {@link #appendDouble}, it allocates a string. */
    static void appendFloat(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendFloat(Float.parseFloat(NumberText.number(b, offset, length)), out);
    }

    static void appendDouble(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendDouble(Double.parseDouble(NumberText.number(b, offset, length)), out);
    }
}
