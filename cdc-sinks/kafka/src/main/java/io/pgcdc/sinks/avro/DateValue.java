package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.DateTimeText;

/** Writes date as days since 1970-01-01. The infinities are the largest and smallest int, which no date has. */
final class DateValue implements AvroValue {

    private final DateTimeText text = new DateTimeText("date");

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendLong(days(b, offset, length), out);
    }

    int days(byte[] b, int offset, int length) {
        text.readDate(b, offset, length);
        int infinity = text.infinity();
        return infinity == 0 ? (int) text.epochDay() : infinity > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    }
}
