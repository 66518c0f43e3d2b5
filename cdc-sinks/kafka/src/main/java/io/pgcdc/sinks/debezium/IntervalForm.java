package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;

/**
 * Writes interval. Reads the text under IntervalStyle postgres unit by unit:
 *
 * <pre>
 *   1 year 2 mons -3 days +04:05:06.7     00:00:00     -00:00:01.5     infinity (from PostgreSQL 17)
 * </pre>
 */
final class IntervalForm implements ValueForm {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    /** One twelfth of a year of 365.25 days. */
    private static final long MICROS_PER_MONTH = 2_629_800 * MICROS_PER_SECOND;

    /** A sum above this limit may not fit in a long. It is then computed as a double and limited to a long. */
    private static final double BEYOND_DOUBT = 0x1p62;

    private final IntervalMode mode;

    private byte[] text = new byte[0];
    private int start;
    private int at;
    private int end;
    private long years;
    private long months;
    private long days;
    /** The sum of hours, minutes and seconds, in microseconds. */
    private long micros;

    IntervalForm(IntervalMode mode) {
        this.mode = mode;
    }

    ColumnForm column() {
        return mode == IntervalMode.STRING
                ? new ColumnForm(
                        ConnectSchema.STRING.named("io.debezium.time.Interval", 1),
                        this,
                        ObjectForms.quoted(new IntervalForm(mode)))
                : new ColumnForm(ConnectSchema.INT64.named("io.debezium.time.MicroDuration", 1), this, this::micros);
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        if (mode == IntervalMode.NUMERIC) {
            out.appendLong(micros(b, offset, length));
        } else if (isInfinite(b, offset, length)) {
            out.appendAscii(b[offset] == '-' ? "\"-infinity\"" : "\"infinity\"");
        } else {
            read(b, offset, length);
            appendIso(out);
        }
    }

    private static boolean isInfinite(byte[] b, int offset, int length) {
        int word = length > 0 && b[offset] == '-' ? offset + 1 : offset;
        return word < offset + length && b[word] == 'i';
    }

    /** Returns the sum in microseconds, limited to the range of a long, whose ends are the infinities. */
    private long micros(byte[] b, int offset, int length) {
        if (isInfinite(b, offset, length)) {
            return b[offset] == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        read(b, offset, length);
        return total();
    }

    private void read(byte[] b, int offset, int length) {
        text = b;
        start = offset;
        at = offset;
        end = offset + length;
        years = 0;
        months = 0;
        days = 0;
        micros = 0;
        while (at < end) {
            boolean minus = text[at] == '-';
            if (minus || text[at] == '+') {
                at++;
            }
            long number = number();
            if (at < end && text[at] == ':') {
                long time = clock(number);
                micros = minus ? -time : time;
            } else {
                unit(minus ? -number : number);
            }
            if (at < end && text[at++] != ' ') {
                throw Misfit.of("interval", at - start);
            }
        }
    }

    /** Reads the unit of a number, such as {@code year}, {@code mons} or {@code days}, to its end. */
    private void unit(long number) {
        if (end - at < 4 || text[at] != ' ') {
            throw Misfit.of("interval", at - start);
        }
        switch (text[++at]) {
            case 'y' -> years = number;
            case 'm' -> months = number;
            case 'd' -> days = number;
            default -> throw Misfit.of("interval", at - start);
        }
        while (at < end && text[at] != ' ') {
            at++;
        }
    }

    private long clock(long hours) {
        at++;
        long seconds = hours * 3600 + number() * 60;
        if (at == end || text[at++] != ':') {
            throw Misfit.of("interval", at - start);
        }
        long value = (seconds + number()) * MICROS_PER_SECOND;
        if (at < end && text[at] == '.') {
            at++;
            for (long unit = MICROS_PER_SECOND / 10; at < end && text[at] != ' '; unit /= 10, at++) {
                value += (text[at] - '0') * unit;
            }
        }
        return value;
    }

    private long number() {
        int from = at;
        long value = 0;
        for (; at < end && at - from < 18 && text[at] >= '0' && text[at] <= '9'; at++) {
            value = value * 10 + (text[at] - '0');
        }
        if (at == from) {
            throw Misfit.of("interval", at - start);
        }
        return value;
    }

    /** Returns the sum in microseconds, limited to the range of a long. */
    private long total() {
        double about = (years * 12.0 + months) * MICROS_PER_MONTH + (double) days * MICROS_PER_DAY + micros;
        if (Math.abs(about) > BEYOND_DOUBT) {
            return (long) about;
        }
        return (years * 12 + months) * MICROS_PER_MONTH + days * MICROS_PER_DAY + micros;
    }

    private void appendIso(JsonBuffer out) {
        long seconds = micros / MICROS_PER_SECOND;
        out.appendAscii("\"P").appendLong(years).appendByte('Y');
        out.appendLong(months).appendByte('M').appendLong(days).appendAscii("DT");
        out.appendLong(seconds / 3600).appendByte('H');
        out.appendLong(seconds / 60 % 60).appendByte('M');
        if (micros < 0 && seconds % 60 == 0 && micros % MICROS_PER_SECOND != 0) {
            out.appendByte('-');
        }
        out.appendLong(seconds % 60);
        IsoText.appendFraction(Math.abs(micros % MICROS_PER_SECOND), IsoText.SHORTEST, out);
        out.appendAscii("S\"");
    }
}
