package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;

/** Writes int2vector and oidvector as arrays of numbers. Their text has blanks between the numbers. */
final class VectorForm implements ValueForm {

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        out.appendByte('[');
        for (int i = offset; i < offset + length; i++) {
            boolean digit = (b[i] >= '0' && b[i] <= '9') || b[i] == '-';
            if (!digit && b[i] != ' ') {
                throw Misfit.of("vector", i - offset);
            }
            out.appendByte(digit ? b[i] : ',');
        }
        out.appendByte(']');
    }
}
