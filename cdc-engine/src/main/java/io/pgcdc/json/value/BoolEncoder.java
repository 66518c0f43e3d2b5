package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;

/** Encodes {@code t} and {@code f}. */
final class BoolEncoder implements ValueEncoder {

    private final PgType type;

    BoolEncoder(PgType type) {
        this.type = type;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        if (length == 1 && b[offset] == 't') {
            out.append(Ascii.TRUE);
        } else if (length == 1 && b[offset] == 'f') {
            out.append(Ascii.FALSE);
        } else {
            throw Unreadable.value(type, "neither t nor f", 0);
        }
    }
}
