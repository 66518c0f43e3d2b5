package io.pgcdc.sinks.object;

import io.pgcdc.sinks.text.Misfit;
import io.pgcdc.sinks.text.NumberText;
import java.nio.charset.StandardCharsets;

/** Reads values whose text is read without a state. */
public final class Values {

    private Values() {}

    /** Returns the text. */
    public static String text(byte[] b, int offset, int length) {
        return new String(b, offset, length, StandardCharsets.UTF_8);
    }

    public static Boolean bool(byte[] b, int offset, int length) {
        return NumberText.bool(b, offset, length);
    }

    public static Short int16(byte[] b, int offset, int length) {
        return (short) NumberText.integer(b, offset, length);
    }

    public static Integer int32(byte[] b, int offset, int length) {
        return (int) NumberText.integer(b, offset, length);
    }

    public static Long int64(byte[] b, int offset, int length) {
        return NumberText.integer(b, offset, length);
    }

    public static Float float32(byte[] b, int offset, int length) {
        return Float.parseFloat(NumberText.number(b, offset, length));
    }

    /** Returns float8, or numeric rounded to a double. */
    public static Double float64(byte[] b, int offset, int length) {
        return Double.parseDouble(NumberText.number(b, offset, length));
    }

    /** Returns the bytes of bytea, from text such as {@code \xdeadbeef}. */
    public static byte[] bytes(byte[] b, int offset, int length) {
        if (length < 2 || length % 2 != 0 || b[offset] != '\\' || b[offset + 1] != 'x') {
            throw Misfit.of("bytea", 0);
        }
        byte[] bytes = new byte[length / 2 - 1];
        for (int i = 0; i < bytes.length; i++) {
            int at = offset + 2 + 2 * i;
            int high = Character.digit(b[at], 16);
            int low = Character.digit(b[at + 1], 16);
            if (high < 0 || low < 0) {
                throw Misfit.of("bytea", at - offset);
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }
}
