package io.pgcdc.sinks.text;

/**
 * Reads the text of dates and times under DateStyle ISO. Read a value with {@code read…}; the other methods then return its parts.
 * Reusable. For one thread.
 *
 * <pre>
 *   2026-01-02   0044-03-15 BC   infinity   12:34:56.789012   24:00:00   12:34:56+05:30:15
 *   2026-01-02 03:04:05.678901+00   0044-03-15 12:00:00 BC
 * </pre>
 */
public final class DateTimeText {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int FRACTION_DIGITS = 6;
    private static final long DAYS_PER_ERA = 146_097; // 400 years
    private static final long DAYS_TO_1970 = 719_468; // from 0000-03-01

    private final String type;
    private byte[] text = new byte[0];
    private int start;
    private int at;
    private int end;

    private int infinity;
    private long year;
    private int month;
    private int day;
    private long micros;
    private int offsetSeconds;

    /** @param type name of the type, for error messages */
    public DateTimeText(String type) {
        this.type = type;
    }

    public void readDate(byte[] b, int offset, int length) {
        begin(b, offset, length);
        if (infinity == 0) {
            date();
            era();
            finish();
        }
    }

    /** Reads a time, and its offset from UTC if the text has one. */
    public void readTime(byte[] b, int offset, int length) {
        begin(b, offset, length);
        time();
        finish();
    }

    public void readTimestamp(byte[] b, int offset, int length) {
        begin(b, offset, length);
        if (infinity == 0) {
            date();
            skip(' ');
            time();
            era();
            finish();
        }
    }

    /** Returns 1 for infinity, -1 for -infinity, and otherwise 0. The infinities have no date. */
    public int infinity() {
        return infinity;
    }

    /** Returns the year. Year 0 is 1 BC. */
    public long year() {
        return year;
    }

    public int month() {
        return month;
    }

    public int day() {
        return day;
    }

    /** Returns the microseconds since midnight. 24:00 is 86,400,000,000. */
    public long micros() {
        return micros;
    }

    /** Returns the offset in seconds east of UTC. */
    public int offsetSeconds() {
        return offsetSeconds;
    }

    /** Returns the days since 1970-01-01, in the proleptic Gregorian calendar. */
    public long epochDay() {
        long marchYear = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(marchYear, 400L);
        long yearOfEra = Math.floorMod(marchYear, 400L);
        long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
    }

    private void begin(byte[] b, int offset, int length) {
        text = b;
        start = offset;
        at = offset;
        end = offset + length;
        boolean minus = length > 0 && b[offset] == '-';
        int letter = minus ? offset + 1 : offset;
        boolean word = letter < end && b[letter] == 'i';
        infinity = !word ? 0 : minus ? -1 : 1;
        offsetSeconds = 0;
    }

    private void date() {
        year = number();
        skip('-');
        month = (int) number();
        skip('-');
        day = (int) number();
        if (month < 1 || month > 12) {
            throw misfit();
        }
    }

    private void era() {
        if (end - at == 3 && text[at] == ' ' && text[at + 1] == 'B' && text[at + 2] == 'C') {
            at += 3;
            year = 1 - year;
        }
    }

    private void time() {
        long seconds = number() * 3600;
        skip(':');
        seconds += number() * 60;
        skip(':');
        seconds += number();
        micros = seconds * MICROS_PER_SECOND;
        if (at < end && text[at] == '.') {
            at++;
            micros += fraction();
        }
        if (at < end && (text[at] == '+' || text[at] == '-')) {
            offsetSeconds = offset();
        }
    }

    private long fraction() {
        long value = 0;
        int digits = 0;
        for (; at < end && isDigit(text[at]); at++, digits++) {
            value = value * 10 + (text[at] - '0');
        }
        if (digits == 0 || digits > FRACTION_DIGITS) {
            throw misfit();
        }
        for (; digits < FRACTION_DIGITS; digits++) {
            value *= 10;
        }
        return value;
    }

    private int offset() {
        int sign = text[at++] == '-' ? -1 : 1;
        long seconds = number() * 3600;
        for (long unit = 60; at < end && text[at] == ':' && unit > 0; unit /= 60) {
            at++;
            seconds += number() * unit;
        }
        return (int) (sign * seconds);
    }

    private long number() {
        int from = at;
        long value = 0;
        for (; at < end && at - from < 9 && isDigit(text[at]); at++) {
            value = value * 10 + (text[at] - '0');
        }
        if (at == from) {
            throw misfit();
        }
        return value;
    }

    private void skip(char expected) {
        if (at == end || text[at] != expected) {
            throw misfit();
        }
        at++;
    }

    private void finish() {
        if (at != end) {
            throw misfit();
        }
    }

    private RuntimeException misfit() {
        return Misfit.of(type, at - start);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
