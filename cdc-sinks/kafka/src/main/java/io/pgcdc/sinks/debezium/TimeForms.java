package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.text.DateTimeText;
import io.pgcdc.sinks.text.Misfit;
import java.util.Date;

/** Writes date, time and timestamp, with and without time zone, in the form of a {@link TimePrecision}. */
final class TimeForms {

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final long MILLIS_PER_DAY = MICROS_PER_DAY / MICROS_PER_MILLI;
    private static final int FULL_PRECISION = 6;
    private static final int MILLIS_PRECISION = 3;

    /** The numbers that Debezium writes for the infinities. They come from an overflow in Debezium. */
    private static final long INFINITE_DAYS = -2147472692;

    private static final long MINUS_INFINITE_DAYS = -2147472691;
    private static final long INFINITE_MILLIS = 9223372036825200L;
    private static final long MINUS_INFINITE_MILLIS = -9223372036832400L;

    private final TimePrecision mode;

    TimeForms(TimePrecision mode) {
        this.mode = mode;
    }

    ColumnForm date() {
        DateTimeText text = new DateTimeText("date");
        return switch (mode) {
            case ISOSTRING ->
                text("IsoDate", (b, offset, length, out) -> {
                    text.readDate(b, offset, length);
                    appendIsoDate(text, out);
                });
            case CONNECT ->
                int32(
                        "org.apache.kafka.connect.data.Date",
                        days(text),
                        (b, offset, length) -> date(days(text, b, offset, length) * MILLIS_PER_DAY));
            case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS ->
                int32("io.debezium.time.Date", days(text), (b, offset, length) -> (int) days(text, b, offset, length));
        };
    }

    @SuppressWarnings("JavaUtilDate") // the class of Kafka Connect's dates and times
    private static Date date(long millis) {
        return new Date(millis);
    }

    private static ColumnForm int32(String name, ValueForm form, ValueReader objects) {
        return new ColumnForm(ConnectSchema.INT32.named(name, 1), form, objects);
    }

    private static ColumnForm int64(String name, ValueForm form, ValueReader objects) {
        return new ColumnForm(ConnectSchema.INT64.named(name, 1), form, objects);
    }

    /** @param form writes ASCII in quotes */
    private static ColumnForm text(String name, ValueForm form) {
        return new ColumnForm(
                ConnectSchema.STRING.named("io.debezium.time." + name, 1), form, ObjectForms.quoted(form));
    }

    private static ValueForm days(DateTimeText text) {
        return (b, offset, length, out) -> out.appendLong(days(text, b, offset, length));
    }

    private static long days(DateTimeText text, byte[] b, int offset, int length) {
        text.readDate(b, offset, length);
        return text.infinity() == 0 ? text.epochDay() : text.infinity() > 0 ? INFINITE_DAYS : MINUS_INFINITE_DAYS;
    }

    private static void appendIsoDate(DateTimeText text, JsonBuffer out) {
        if (text.infinity() != 0) {
            out.appendAscii(text.infinity() > 0 ? "\"-5877611-06-21Z\"" : "\"-5877611-06-22Z\"");
            return;
        }
        out.appendByte('"');
        IsoText.appendDate(text.year(), text.month(), text.day(), out);
        out.appendByte('Z').appendByte('"');
    }

    /** @param precision digits of the fraction, -1 if not given */
    ColumnForm time(int precision) {
        DateTimeText text = new DateTimeText("time");
        if (mode == TimePrecision.ISOSTRING) {
            return text("IsoTime", (b, offset, length, out) -> {
                text.readTime(b, offset, length);
                out.appendByte('"');
                IsoText.appendTime(text.micros(), IsoText.SHORTEST, out);
                out.appendByte('Z').appendByte('"');
            });
        }
        if (mode == TimePrecision.CONNECT) {
            return int32(
                    "org.apache.kafka.connect.data.Time",
                    millisOfDay(text),
                    (b, offset, length) -> date(microsOfDay(text, b, offset, length) / MICROS_PER_MILLI));
        }
        return mode == TimePrecision.ADAPTIVE && isMillis(precision)
                ? int32("io.debezium.time.Time", millisOfDay(text), (b, offset, length) ->
                        (int) (microsOfDay(text, b, offset, length) / MICROS_PER_MILLI))
                : int64(
                        "io.debezium.time.MicroTime",
                        (b, offset, length, out) -> out.appendLong(microsOfDay(text, b, offset, length)),
                        (b, offset, length) -> microsOfDay(text, b, offset, length));
    }

    private static ValueForm millisOfDay(DateTimeText text) {
        return (b, offset, length, out) -> out.appendLong(microsOfDay(text, b, offset, length) / MICROS_PER_MILLI);
    }

    private static long microsOfDay(DateTimeText text, byte[] b, int offset, int length) {
        text.readTime(b, offset, length);
        return text.micros();
    }

    /** Returns the form of timetz: the time of day in UTC. The day does not change it. */
    static ColumnForm timeWithZone() {
        DateTimeText text = new DateTimeText("timetz");
        return text("ZonedTime", (b, offset, length, out) -> {
            text.readTime(b, offset, length);
            long utc = Math.floorMod(text.micros() - text.offsetSeconds() * MICROS_PER_SECOND, MICROS_PER_DAY);
            out.appendByte('"');
            IsoText.appendTime(utc, IsoText.SHORTEST, out);
            out.appendByte('Z').appendByte('"');
        });
    }

    /** @param precision digits of the fraction, -1 if not given */
    ColumnForm timestamp(int precision) {
        DateTimeText text = new DateTimeText("timestamp");
        if (mode == TimePrecision.ISOSTRING) {
            return text("IsoTimestamp", (b, offset, length, out) -> {
                text.readTimestamp(b, offset, length);
                if (text.infinity() == 0) {
                    appendIso(text, IsoText.SHORTEST, out);
                } else {
                    out.appendAscii(
                            text.infinity() > 0 ? "\"+294247-01-10T04:00:25.2Z\"" : "\"-290308-12-21T19:59:27.6Z\"");
                }
            });
        }
        if (mode == TimePrecision.CONNECT) {
            return int64(
                    "org.apache.kafka.connect.data.Timestamp",
                    millis(text),
                    (b, offset, length) -> date(millis(text, b, offset, length)));
        }
        return isMillis(precision)
                ? int64(
                        "io.debezium.time.Timestamp",
                        millis(text),
                        (b, offset, length) -> millis(text, b, offset, length))
                : int64(
                        "io.debezium.time.MicroTimestamp",
                        (b, offset, length, out) -> out.appendLong(micros(text, b, offset, length)),
                        (b, offset, length) -> micros(text, b, offset, length));
    }

    private static ValueForm millis(DateTimeText text) {
        return (b, offset, length, out) -> out.appendLong(millis(text, b, offset, length));
    }

    private static long millis(DateTimeText text, byte[] b, int offset, int length) {
        text.readTimestamp(b, offset, length);
        return text.infinity() != 0
                ? infinity(text)
                : text.epochDay() * MILLIS_PER_DAY + text.micros() / MICROS_PER_MILLI;
    }

    private static long micros(DateTimeText text, byte[] b, int offset, int length) {
        text.readTimestamp(b, offset, length);
        return text.infinity() != 0 ? infinity(text) * MICROS_PER_MILLI : epochMicros(text);
    }

    private static long infinity(DateTimeText text) {
        return text.infinity() > 0 ? INFINITE_MILLIS : MINUS_INFINITE_MILLIS;
    }

    /** Returns the microseconds since 1970-01-01. Returns the largest long for values that exceed it, from the year 294247 on. */
    private static long epochMicros(DateTimeText text) {
        long days = text.epochDay();
        long whole = days * MICROS_PER_DAY;
        long sum = whole + text.micros();
        boolean overflow = days > Long.MAX_VALUE / MICROS_PER_DAY || (days > 0 && sum < 0);
        return overflow ? Long.MAX_VALUE : sum;
    }

    /** @param precision digits of the fraction, -1 if not given */
    static ColumnForm timestampWithZone(int precision) {
        DateTimeText text = new DateTimeText("timestamptz");
        int digits = precision < 0 ? FULL_PRECISION : precision;
        return text("ZonedTimestamp", (b, offset, length, out) -> {
            text.readTimestamp(b, offset, length);
            if (text.infinity() != 0) {
                out.appendAscii(text.infinity() > 0 ? "\"infinity\"" : "\"-infinity\"");
            } else if (text.offsetSeconds() != 0) {
                throw Misfit.of("timestamptz: its time zone is not UTC", length);
            } else {
                appendIso(text, digits, out);
            }
        });
    }

    private static void appendIso(DateTimeText text, int fractionDigits, JsonBuffer out) {
        out.appendByte('"');
        IsoText.appendDate(text.year(), text.month(), text.day(), out);
        out.appendByte('T');
        IsoText.appendTime(text.micros(), fractionDigits, out);
        out.appendByte('Z').appendByte('"');
    }

    private static boolean isMillis(int precision) {
        return precision >= 0 && precision <= MILLIS_PRECISION;
    }
}
