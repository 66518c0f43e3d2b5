package io.pgcdc.json.bytes;

/** JSON numbers (RFC 8259, "Numbers"). */
public final class JsonNumbers {

    private JsonNumbers() {}

    public static boolean isNumber(byte[] b, int offset, int length) {
        return length > 0 && end(b, offset, offset + length) == offset + length;
    }

    /** Returns the end of the number that starts at {@code from}, or -1 if none does. Reads as far as the grammar allows. */
    public static int end(byte[] b, int from, int end) {
        int i = from;
        if (i < end && b[i] == '-') {
            i++;
        }
        int integer = i;
        i = digits(b, i, end);
        if (i == integer || (b[integer] == '0' && i > integer + 1)) {
            return -1;
        }
        if (i < end && b[i] == '.') {
            int fraction = ++i;
            i = digits(b, i, end);
            if (i == fraction) {
                return -1;
            }
        }
        if (i < end && (b[i] == 'e' || b[i] == 'E')) {
            i++;
            if (i < end && (b[i] == '+' || b[i] == '-')) {
                i++;
            }
            int exponent = i;
            i = digits(b, i, end);
            if (i == exponent) {
                return -1;
            }
        }
        return i;
    }

    private static int digits(byte[] b, int from, int end) {
        int i = from;
        while (i < end && Ascii.isDigit(b[i])) {
            i++;
        }
        return i;
    }
}
