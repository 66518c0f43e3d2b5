package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;

/** Writes dates and times as ISO 8601. Years of more than four digits have a sign. */
final class IsoText {

    /** Asks for as many digits of the fraction as necessary. */
    static final int SHORTEST = -1;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int FRACTION_DIGITS = 6;

    private IsoText() {}

    /**
     * Appends a date.
     *
     * @param year the year; 0 is 1 BC
     */
    static void appendDate(long year, int month, int day, JsonBuffer out) {
        if (year < 0) {
            out.appendByte('-');
        } else if (year > 9999) {
            out.appendByte('+');
        }
        appendDigits(Math.abs(year), 4, out);
        out.appendByte('-');
        appendDigits(month, 2, out);
        out.appendByte('-');
        appendDigits(day, 2, out);
    }

    /**
     * Appends a time such as {@code 03:04:05.678}. Writes 24:00 as 00:00.
     *
     * @param fractionDigits the number of digits of the fraction, or {@link #SHORTEST}
     */
    static void appendTime(long microsOfDay, int fractionDigits, JsonBuffer out) {
        long seconds = microsOfDay / MICROS_PER_SECOND;
        appendDigits(seconds / 3600 % 24, 2, out);
        out.appendByte(':');
        appendDigits(seconds / 60 % 60, 2, out);
        out.appendByte(':');
        appendDigits(seconds % 60, 2, out);
        appendFraction(microsOfDay % MICROS_PER_SECOND, fractionDigits, out);
    }

    /** Appends a point and the digits of the fraction. Appends nothing if there are no digits. */
    static void appendFraction(long micros, int fractionDigits, JsonBuffer out) {
        int digits = fractionDigits;
        long value = micros;
        if (fractionDigits == SHORTEST) {
            digits = value == 0 ? 0 : FRACTION_DIGITS;
            for (; value != 0 && value % 10 == 0; value /= 10) {
                digits--;
            }
        } else {
            for (int i = FRACTION_DIGITS; i > fractionDigits; i--) {
                value /= 10;
            }
        }
        if (digits > 0) {
            out.appendByte('.');
            appendDigits(value, digits, out);
        }
    }

    private static void appendDigits(long value, int minDigits, JsonBuffer out) {
        for (long bound = 10, digits = 1; digits < minDigits; bound *= 10, digits++) {
            if (value < bound) {
                // append all missing zeros, then the number without padding
                for (long missing = minDigits - digits; missing > 0; missing--) {
                    out.appendByte('0');
                }
                break;
            }
        }
        out.appendLong(value);
    }
}
