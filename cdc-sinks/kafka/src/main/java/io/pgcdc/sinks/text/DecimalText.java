package io.pgcdc.sinks.text;

import java.math.BigInteger;

/**
 * Reads the text of numeric. Returns the unscaled integer in two's complement: big-endian, with as few bytes as possible. Reusable.
 * For one thread.
 */
public final class DecimalText {

    /** A long can hold every number with this many decimal digits. */
    private static final int LONG_DIGITS = 18;

    private final byte[] small = new byte[Long.BYTES];
    private byte[] text = small;
    private boolean negative;
    private int from;
    private int point;
    private int end;

    private byte[] unscaled = small;
    private int count;
    private boolean isLong;
    private long longValue;

    /** Starts to read a number's text. Returns false for NaN and the infinities. */
    public boolean begin(byte[] b, int offset, int length) {
        text = b;
        end = offset + length;
        negative = length > 0 && b[offset] == '-';
        from = negative ? offset + 1 : offset;
        if (from == end || !isDigit(b[from])) {
            if (from < end && (b[from] == 'N' || b[from] == 'I')) {
                return false;
            }
            throw Misfit.of("numeric", 0);
        }
        point = end;
        for (int i = from; i < end; i++) {
            if (b[i] == '.' && point == end) {
                point = i;
            } else if (!isDigit(b[i])) {
                throw Misfit.of("numeric", i - offset);
            }
        }
        return true;
    }

    /** Removes trailing zeros after the point. */
    public void stripZeros() {
        while (end > point + 1 && text[end - 1] == '0') {
            end--;
        }
    }

    /** Returns the number of digits after the point. */
    public int fraction() {
        return Math.max(0, end - point - 1);
    }

    /**
     * Computes the unscaled integer for a scale. {@link #bytes} and {@link #count} then return it.
     *
     * @param scale number of digits after the point. If it is negative, that many zeros before the point are left out
     */
    public void unscale(int scale) {
        int zeros = scale - fraction();
        isLong = end - from + zeros <= LONG_DIGITS;
        if (!isLong) {
            big(zeros);
            return;
        }
        long value = 0;
        int left = end + Math.min(0, zeros);
        for (int i = from; i < left; i++) {
            if (text[i] != '.') {
                value = value * 10 + (text[i] - '0');
            }
        }
        for (int i = 0; i < zeros; i++) {
            value *= 10;
        }
        small(negative ? -value : value);
    }

    private void small(long value) {
        longValue = value;
        count = (Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? ~value : value)) / Byte.SIZE + 1;
        for (int i = 0; i < count; i++) {
            small[i] = (byte) (value >> (Byte.SIZE * (count - 1 - i)));
        }
        unscaled = small;
    }

    /** Computes a number of more than {@link #LONG_DIGITS} digits. Allocates objects, but few columns have such numbers. */
    private void big(int zeros) {
        StringBuilder digits = new StringBuilder(end - from + Math.max(0, zeros) + 1);
        if (negative) {
            digits.append('-');
        }
        for (int i = from; i < end + Math.min(0, zeros); i++) {
            if (text[i] != '.') {
                digits.append((char) text[i]);
            }
        }
        for (int i = 0; i < zeros; i++) {
            digits.append('0');
        }
        unscaled = new BigInteger(digits.toString()).toByteArray();
        count = unscaled.length;
    }

    /** Returns a buffer. The integer is in its first {@link #count} bytes. */
    public byte[] bytes() {
        return unscaled;
    }

    public int count() {
        return count;
    }

    /** Returns true if {@link #longValue} returns the integer. */
    public boolean isLong() {
        return isLong;
    }

    public long longValue() {
        return longValue;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
