package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.DateTimeText;
import io.pgcdc.sinks.text.Misfit;

/**
 * Writes timestamp and timestamptz as microseconds since 1970-01-01. The infinities are the largest and smallest long. Values from
 * 294247-01-10 on do not fit in a long; they are errors.
 */
final class TimestampValue implements AvroValue {

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** The first day, in days since 1970-01-01, that does not fit in a long completely. */
    private static final long LAST_DAY = Long.MAX_VALUE / MICROS_PER_DAY;

    private final String type;
    private final DateTimeText text;

    TimestampValue(String type) {
        this.type = type;
        text = new DateTimeText(type);
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendLong(micros(b, offset, length), out);
    }

    long micros(byte[] b, int offset, int length) {
        text.readTimestamp(b, offset, length);
        if (text.offsetSeconds() != 0) {
            throw Misfit.of(type + ": its time zone is not UTC", length);
        }
        int infinity = text.infinity();
        return infinity == 0 ? micros() : infinity > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    private long micros() {
        long days = text.epochDay();
        if (days >= LAST_DAY) {
            throw Unfit.of("after 294247-01-09, the last day of the format's timestamps");
        }
        return days * MICROS_PER_DAY + text.micros();
    }
}
