package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.ValueEncoder;
import io.pgcdc.model.PgType;
import io.pgcdc.sinks.text.Oids;
import java.nio.charset.StandardCharsets;

/** Writes numbers as JSON numbers, or numeric as text. NaN and the infinities become strings. */
final class NumberForms {

    /** A double keeps this many decimal digits exactly. */
    private static final int DOUBLE_DIGITS = 15;

    private static final ValueEncoder INTEGERS = ValueEncoder.of(PgType.base(Oids.INT8, "int8"));
    private static final ValueEncoder NUMBERS = ValueEncoder.of(PgType.base(Oids.NUMERIC, "numeric"));
    private static final ValueEncoder BOOLS = ValueEncoder.of(PgType.base(Oids.BOOL, "bool"));

    private NumberForms() {}

    /** Returns the form of int2, int4, int8 and oid. Their text is valid JSON. */
    static ValueForm integer() {
        return INTEGERS::encode;
    }

    /** Returns the form of numeric as a JSON number with all digits. */
    static ValueForm number() {
        return NUMBERS::encode;
    }

    static ValueForm bool() {
        return BOOLS::encode;
    }

    /** Appends float4 and float8: the server's shortest text. Adds {@code .0} if it has neither point nor exponent. */
    static void appendFloat(byte[] b, int offset, int length, JsonBuffer out) {
        int start = out.length();
        NUMBERS.encode(b, offset, length, out);
        byte[] written = out.array();
        for (int i = start; i < out.length(); i++) {
            if (written[i] == '.' || written[i] == 'e' || written[i] == '"') {
                return;
            }
        }
        out.appendAscii(".0");
    }

    /** Appends numeric as a double. Allocates a string if the number may have more digits than a double keeps. */
    static void appendDouble(byte[] b, int offset, int length, JsonBuffer out) {
        if (length <= DOUBLE_DIGITS || b[offset] == 'N' || b[offset + length - 1] == 'y') {
            appendFloat(b, offset, length, out);
            return;
        }
        int start = out.length();
        NUMBERS.encode(b, offset, length, out); // throws unless it is a number
        out.truncate(start);
        double value = Double.parseDouble(new String(b, offset, length, StandardCharsets.US_ASCII));
        out.appendAscii(
                Double.isInfinite(value) ? (value < 0 ? "\"-Infinity\"" : "\"Infinity\"") : Double.toString(value));
    }

    /** Appends numeric as text, with Debezium's words for NaN and the infinities. */
    static void appendNumericText(byte[] b, int offset, int length, JsonBuffer out) {
        if (length > 0 && b[offset] == 'N') {
            out.appendAscii("\"NAN\"");
        } else if (length > 0 && b[offset + length - 1] == 'y') {
            out.appendAscii(b[offset] == '-' ? "\"NEGATIVE_INFINITY\"" : "\"POSITIVE_INFINITY\"");
        } else {
            out.appendString(b, offset, length);
        }
    }
}
