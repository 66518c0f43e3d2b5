package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.object.Values;
import io.pgcdc.sinks.text.Misfit;

/** Writes bytea, from text such as {@code \xdeadbeef}, and the content of messages, in the form of a {@link BinaryMode}. */
final class BinaryForm implements ValueForm {

    private static final int KEPT_BYTES = 1 << 20;

    private final BinaryMode mode;
    private byte[] bytes = new byte[64];

    BinaryForm(BinaryMode mode) {
        this.mode = mode;
    }

    ConnectSchema schema() {
        return mode == BinaryMode.BYTES ? ConnectSchema.BYTES : ConnectSchema.STRING;
    }

    /** Returns the reader of bytea: bytes, or the mode's text. */
    ValueReader objects() {
        return mode == BinaryMode.BYTES ? Values::bytes : ObjectForms.quoted(new BinaryForm(mode));
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        if (length < 2 || length % 2 != 0 || b[offset] != '\\' || b[offset + 1] != 'x') {
            throw Misfit.of("bytea", 0);
        }
        if (mode == BinaryMode.HEX) {
            out.appendString(b, offset + 2, length - 2);
            return;
        }
        int count = length / 2 - 1;
        if (bytes.length < count || (bytes.length > KEPT_BYTES && count <= KEPT_BYTES)) {
            bytes = new byte[Math.max(64, count)];
        }
        for (int i = 0; i < count; i++) {
            int at = offset + 2 + 2 * i;
            int high = Character.digit(b[at], 16);
            int low = Character.digit(b[at + 1], 16);
            if (high < 0 || low < 0) {
                throw Misfit.of("bytea", at - offset);
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        appendBytes(bytes, 0, count, out);
    }

    /** Appends bytes as a JSON string, in the form of the mode. */
    void appendBytes(byte[] source, int offset, int count, JsonBuffer out) {
        if (mode == BinaryMode.HEX) {
            out.appendByte('"');
            for (int i = offset; i < offset + count; i++) {
                out.appendByte(Character.forDigit(source[i] >> 4 & 15, 16));
                out.appendByte(Character.forDigit(source[i] & 15, 16));
            }
            out.appendByte('"');
            return;
        }
        int start = out.length();
        out.appendBase64(source, offset, count);
        if (mode == BinaryMode.BASE64_URL_SAFE) {
            byte[] written = out.array();
            for (int i = start; i < out.length(); i++) {
                if (written[i] == '+') {
                    written[i] = '-';
                } else if (written[i] == '/') {
                    written[i] = '_';
                }
            }
        }
    }
}
