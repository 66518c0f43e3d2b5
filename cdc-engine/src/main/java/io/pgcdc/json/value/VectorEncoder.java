package io.pgcdc.json.value;

import io.pgcdc.json.bytes.JsonBuffer;

/** Encodes int2vector and oidvector: arrays of one dimension whose text separates the elements with spaces. */
final class VectorEncoder implements ValueEncoder {

    private final ValueEncoder element;

    VectorEncoder(ValueEncoder element) {
        this.element = element;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        out.appendByte('[');
        int from = offset;
        for (int i = offset; i < end; i++) {
            if (b[i] == ' ') {
                element.encode(b, from, i - from, out);
                out.appendByte(',');
                from = i + 1;
            }
        }
        if (length > 0) {
            element.encode(b, from, end - from, out);
        }
        out.appendByte(']');
    }
}
