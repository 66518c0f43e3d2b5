package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;

/** Writes bytea, from text such as {@code \xdeadbeef}, as Avro bytes. */
final class ByteaValue implements AvroValue {

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        if (length < 2 || length % 2 != 0 || b[offset] != '\\' || b[offset + 1] != 'x') {
            throw Misfit.of("bytea", 0);
        }
        Binary.appendLong(length / 2 - 1, out);
        for (int i = offset + 2; i < offset + length; i += 2) {
            int high = Character.digit(b[i], 16);
            int low = Character.digit(b[i + 1], 16);
            if (high < 0 || low < 0) {
                throw Misfit.of("bytea", i - offset);
            }
            out.appendByte(high << 4 | low);
        }
    }
}
