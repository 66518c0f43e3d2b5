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

    /** A number with as many digits before the point, or a digit among as many after it, has no exponent in Java. */
    private static final int LARGEST_DIGITS = 7;

    private static final int SMALLEST_DIGITS = 3;

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

    /**
     * Appends numeric as a double, in Java's text, so that equal doubles are equal bytes. Allocates a string if the number may have
     * more digits than a double keeps, or if Java writes it with an exponent.
     */
    static void appendDouble(byte[] b, int offset, int length, JsonBuffer out) {
        if (length == 0 || b[offset] == 'N' || b[offset + length - 1] == 'y') {
            appendFloat(b, offset, length, out);
            return;
        }
        if (length <= DOUBLE_DIGITS && isWithoutExponent(b, offset, length)) {
            appendFloat(b, offset, withoutZeros(b, offset, length), out);
            return;
        }
        int start = out.length();
        NUMBERS.encode(b, offset, length, out); // throws unless it is a number
        out.truncate(start);
        double value = Double.parseDouble(new String(b, offset, length, StandardCharsets.US_ASCII));
        out.appendAscii(
                Double.isInfinite(value) ? (value < 0 ? "\"-Infinity\"" : "\"Infinity\"") : Double.toString(value));
    }

    /** Returns true if Java surely writes the number without an exponent: it is 0.001 at least and less than 10 million. */
    private static boolean isWithoutExponent(byte[] b, int offset, int length) {
        int from = b[offset] == '-' ? offset + 1 : offset;
        int point = point(b, from, offset + length);
        boolean small = point - from == 1 && b[from] == '0';
        for (int i = point + 1; small && i < offset + length && i <= point + SMALLEST_DIGITS; i++) {
            small = b[i] == '0';
        }
        return point - from <= LARGEST_DIGITS && !small;
    }

    private static int point(byte[] b, int from, int end) {
        int point = from;
        while (point < end && b[point] != '.') {
            point++;
        }
        return point;
    }

    /** Returns the length without trailing zeros after the point; one digit after the point stays. */
    private static int withoutZeros(byte[] b, int offset, int length) {
        int end = offset + length;
        int least = point(b, offset, end) + 2;
        while (end > least && b[end - 1] == '0') {
            end--;
        }
        return end - offset;
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
