package io.pgcdc.sinks.text;

import java.nio.charset.StandardCharsets;

/** Reads the text of numbers of a fixed size, and of bool. */
public final class NumberText {

    private static final int LONGEST = "-9223372036854775808".length();

    private NumberText() {}

    public static boolean bool(byte[] b, int offset, int length) {
        if (length != 1 || (b[offset] != 't' && b[offset] != 'f')) {
            throw Misfit.of("bool", 0);
        }
        return b[offset] == 't';
    }

    /** Returns an integer of up to 64 bits. */
    public static long integer(byte[] b, int offset, int length) {
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
        return negative ? value : -value;
    }

    /**
     * Returns a number's text as a string, because the JVM parses floats only from strings. PostgreSQL and Java use the same words for NaN and
     * the infinities.
     */
    public static String number(byte[] b, int offset, int length) {
        int last = length == 0 ? 0 : b[offset + length - 1];
        boolean fits = (last >= '0' && last <= '9') || last == 'N' || last == 'y';
        if (!fits) {
            throw Misfit.of("float", length);
        }
        return new String(b, offset, length, StandardCharsets.ISO_8859_1);
    }
}
