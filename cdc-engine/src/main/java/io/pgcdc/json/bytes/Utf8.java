package io.pgcdc.json.bytes;

/** Well-formed UTF-8 (The Unicode Standard, table "Well-Formed UTF-8 Byte Sequences"): no overlong forms, no surrogates. */
public final class Utf8 {

    private Utf8() {}

    public static boolean isValid(byte[] b, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (b[i] >= 0) {
                i++;
                continue;
            }
            int size = sequence(b, i, end);
            if (size == 0) {
                return false;
            }
            i += size;
        }
        return true;
    }

    /** Returns the length of the sequence of two to four bytes at {@code i}, or 0 if it is invalid. */
    static int sequence(byte[] b, int i, int end) {
        int lead = b[i] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (size > end - i) {
            return 0;
        }
        for (int k = 1; k < size; k++) {
            if ((b[i + k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = b[i + 1] & 0xFF;
        boolean outside = (lead == 0xE0 && second < 0xA0) // overlong
                || (lead == 0xED && second > 0x9F) // a surrogate
                || (lead == 0xF0 && second < 0x90) // overlong
                || (lead == 0xF4 && second > 0x8F); // beyond U+10FFFF
        return outside ? 0 : size;
    }
}
