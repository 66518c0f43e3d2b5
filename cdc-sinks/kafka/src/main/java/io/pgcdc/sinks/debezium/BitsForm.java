package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.text.Misfit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes bit and varbit as base64 of little-endian bytes, up to the highest bit that is set. {@code 101} is {@code "BQ=="}; all
 * zeros are {@code ""}.
 */
final class BitsForm implements ValueForm {

    private byte[] bytes = new byte[8];

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int bits = bits(b, offset, length);
        int count = (bits + 7) / 8;
        if (count > bytes.length) {
            bytes = new byte[count];
        }
        Arrays.fill(bytes, 0, count, (byte) 0);
        set(b, offset, length, bits, bytes);
        out.appendBase64(bytes, 0, count);
    }

    /** Returns the bytes. */
    static byte[] bytes(byte[] b, int offset, int length) {
        int bits = bits(b, offset, length);
        byte[] all = new byte[(bits + 7) / 8];
        set(b, offset, length, bits, all);
        return all;
    }

    /** Returns the number of bits up to the highest one that is set. */
    private static int bits(byte[] b, int offset, int length) {
        int first = offset;
        while (first < offset + length && b[first] == '0') {
            first++;
        }
        return offset + length - first;
    }

    private static void set(byte[] b, int offset, int length, int bits, byte[] out) {
        for (int i = 0; i < bits; i++) {
            byte bit = b[offset + length - 1 - i];
            if (bit == '1') {
                out[i / 8] |= (byte) (1 << i % 8);
            } else if (bit != '0') {
                throw Misfit.of("bit", length - 1 - i);
            }
        }
    }

    /** Returns one bit as a boolean. An empty varbit becomes null. */
    static @Nullable Boolean bool(byte[] b, int offset, int length) {
        return length == 0 ? null : b[offset] == '1';
    }

    /** Appends one bit as a boolean. An empty varbit becomes null. */
    static void appendBool(byte[] b, int offset, int length, JsonBuffer out) {
        out.appendAscii(length == 0 ? "null" : b[offset] == '1' ? "true" : "false");
    }
}
