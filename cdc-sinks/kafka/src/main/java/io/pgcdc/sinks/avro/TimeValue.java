package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.DateTimeText;

/** Writes time as microseconds since midnight. 24:00 is 86,400,000,000. */
final class TimeValue implements AvroValue {

    private final DateTimeText text = new DateTimeText("time");

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        Binary.appendLong(micros(b, offset, length), out);
    }

    long micros(byte[] b, int offset, int length) {
        text.readTime(b, offset, length);
        return text.micros();
    }
}
