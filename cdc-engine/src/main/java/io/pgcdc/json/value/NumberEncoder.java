package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.JsonNumbers;
import io.pgcdc.model.PgType;

/** Writes numbers as their text, which keeps the scale. Writes {@code NaN} and {@code Infinity}, which JSON lacks, as strings. */
final class NumberEncoder implements ValueEncoder {

    private static final byte[] NAN = Ascii.bytes("NaN");
    private static final byte[] INFINITY = Ascii.bytes("Infinity");
    private static final byte[] MINUS_INFINITY = Ascii.bytes("-Infinity");

    private final PgType type;
    private final boolean hasSpecials;

    /** @param hasSpecials whether the type has NaN and the infinities */
    NumberEncoder(PgType type, boolean hasSpecials) {
        this.type = type;
        this.hasSpecials = hasSpecials;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        if (JsonNumbers.isNumber(b, offset, length)) {
            out.append(b, offset, length);
        } else if (hasSpecials && isSpecial(b, offset, length)) {
            out.appendByte('"').append(b, offset, length).appendByte('"');
        } else {
            throw Unreadable.value(type, "not a number", 0);
        }
    }

    private static boolean isSpecial(byte[] b, int offset, int length) {
        return Ascii.matches(NAN, b, offset, length)
                || Ascii.matches(INFINITY, b, offset, length)
                || Ascii.matches(MINUS_INFINITY, b, offset, length);
    }
}
