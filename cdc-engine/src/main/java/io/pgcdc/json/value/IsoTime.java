package io.pgcdc.json.value;

import io.pgcdc.json.bytes.JsonBuffer;

/** Writes timestamps as ISO 8601 in UTC, to the microsecond: {@code 2026-01-02T03:04:05.678901Z}. */
public final class IsoTime {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final long DAYS_PER_ERA = 146_097; // 400 years
    private static final long DAYS_TO_1970 = 719_468; // from 0000-03-01

    private IsoTime() {}

    /** @param micros since 1970-01-01 UTC */
    public static void append(long micros, JsonBuffer out) {
        appendDate(Math.floorDiv(micros, MICROS_PER_DAY), out);
        long ofDay = Math.floorMod(micros, MICROS_PER_DAY);
        long seconds = ofDay / MICROS_PER_SECOND;
        out.appendByte('T').appendDigits(seconds / 3600, 2);
        out.appendByte(':').appendDigits(seconds / 60 % 60, 2);
        out.appendByte(':').appendDigits(seconds % 60, 2);
        out.appendByte('.').appendDigits(ofDay % MICROS_PER_SECOND, 6).appendByte('Z');
    }

    /** Appends a Gregorian date. Years begin in March here, so the leap day is the last day. */
    private static void appendDate(long days, JsonBuffer out) {
        long sinceMarch = days + DAYS_TO_1970;
        long era = Math.floorDiv(sinceMarch, DAYS_PER_ERA);
        long dayOfEra = Math.floorMod(sinceMarch, DAYS_PER_ERA);
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long marchMonth = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        if (year < 0) {
            out.appendByte('-');
        } else if (year > 9999) {
            out.appendByte('+');
        }
        out.appendDigits(Math.abs(year), 4);
        out.appendByte('-').appendDigits(month, 2).appendByte('-').appendDigits(day, 2);
    }
}
