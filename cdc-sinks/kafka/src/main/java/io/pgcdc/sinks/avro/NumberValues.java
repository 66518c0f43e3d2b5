package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;
import java.nio.charset.StandardCharsets;

/** Writes numbers of a fixed size, and bool. */
final class NumberValues {

    private static final int LONGEST = "-9223372036854775808".length();

    private NumberValues() {}

    static void appendBool(byte[] b, int offset, int length, JsonBuffer out) {
        if (length != 1 || (b[offset] != 't' && b[offset] != 'f')) {
            throw Misfit.of("bool", 0);
        }
        Binary.appendBool(b[offset] == 't', out);
    }

    static void appendInteger(byte[] b, int offset, int length, JsonBuffer out) {
        boolean negative = length > 0 && b[offset] == '-';
        int digits = negative ? 1 : 0;
        if (length == digits || length > LONGEST) {
            throw Misfit.of("integer", 0);
        }
        long value = 0;
        for (int i = digits; i < length; i++) {
            int digit = b[offset + i] - '0';
            if (digit < 0 || digit > 9) {
                throw Misfit.of("integer", i);
            }
            value = value * 10 - digit; // negative, because a long has one more negative number than positive ones
        }
        Binary.appendLong(negative ? value : -value, out);
    }

    /** Appends a float. Like {@link #appendDouble}, it allocates a string, because the JVM parses floats only from strings. */
    static void appendFloat(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendFloat(Float.parseFloat(number(b, offset, length)), out);
    }

    static void appendDouble(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendDouble(Double.parseDouble(number(b, offset, length)), out);
    }

    /** Returns the text as a string. PostgreSQL and Java use the same words for NaN and the infinities. */
    private static String number(byte[] b, int offset, int length) {
        int last = length == 0 ? 0 : b[offset + length - 1];
        boolean fits = (last >= '0' && last <= '9') || last == 'N' || last == 'y';
        if (!fits) {
            throw Misfit.of("float", length);
        }
        return new String(b, offset, length, StandardCharsets.ISO_8859_1);
    }
}
