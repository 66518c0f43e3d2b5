package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;

/**
 * Writes bit and varbit as base64 of little-endian bytes, up to the highest bit that is set. {@code 101} is {@code "BQ=="}; all
 * zeros are {@code ""}.
 */
final class BitsForm implements ValueForm {

    private byte[] bytes = new byte[8];

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int first = offset;
        while (first < offset + length && b[first] == '0') {
            first++;
        }
        int bits = offset + length - first;
        int count = (bits + 7) / 8;
        if (count > bytes.length) {
            bytes = new byte[count];
        }
        java.util.Arrays.fill(bytes, 0, count, (byte) 0);
        for (int i = 0; i < bits; i++) {
            byte bit = b[offset + length - 1 - i];
            if (bit == '1') {
                bytes[i / 8] |= (byte) (1 << i % 8);
            } else if (bit != '0') {
                throw Misfit.of("bit", length - 1 - i);
            }
        }
        out.appendBase64(bytes, 0, count);
    }

    /** Appends one bit as a boolean. An empty varbit becomes null. */
    static void appendBool(byte[] b, int offset, int length, JsonBuffer out) {
        out.appendAscii(length == 0 ? "null" : b[offset] == '1' ? "true" : "false");
    }
}
