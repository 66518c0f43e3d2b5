package io.pgcdc.json.bytes;

import java.nio.charset.StandardCharsets;

/** Converts short fixed texts to bytes, and compares them. */
public final class Ascii {

    public static final byte[] NULL = bytes("null");
    public static final byte[] TRUE = bytes("true");
    public static final byte[] FALSE = bytes("false");

    private Ascii() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns whether the range holds exactly these bytes. */
    public static boolean matches(byte[] expected, byte[] buffer, int offset, int length) {
        if (length != expected.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer[offset + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    public static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }
}
