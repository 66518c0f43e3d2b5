package io.pgcdc.sinks.debezium;

import io.pgcdc.json.JsonBuffer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * numeric, exactly: the unscaled integer's fewest bytes, big-endian two's complement, in base64.
 *
 * <pre>
 *   1.50 under numeric(10,2)   "AJY="
 *   1.50 under numeric         {"scale":1,"value":"Dw=="}      without trailing zeros behind the point
 * </pre>
 *
 * NaN and the infinities have no such form: null.
 */
final class DecimalForm implements ValueForm {

    /** As many decimal digits always fit a long. */
    private static final int LONG_DIGITS = 18;

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final boolean variable;
    private final int scale;
    private final byte[] bytes = new byte[Long.BYTES];

    private DecimalForm(boolean variable, int scale) {
        this.variable = variable;
        this.scale = scale;
    }

    /** @param scale digits behind the point; when negative, zeros before it that are left out */
    static DecimalForm ofScale(int scale) {
        return new DecimalForm(false, scale);
    }

    static DecimalForm ofVariableScale() {
        return new DecimalForm(true, 0);
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        boolean negative = length > 0 && b[offset] == '-';
        int from = negative ? offset + 1 : offset;
        if (from == end || !isDigit(b[from])) {
            if (from < end && (b[from] == 'N' || b[from] == 'I')) {
                out.append(NULL);
                return;
            }
            throw Misfit.of("numeric", 0);
        }
        int point = point(b, offset, from, end);
        int last = end;
        if (variable && point < end) {
            while (last > point + 1 && b[last - 1] == '0') {
                last--;
            }
        }
        int fraction = Math.max(0, last - point - 1);
        int wanted = variable ? fraction : scale;
        if (variable) {
            out.appendAscii("{\"scale\":").appendLong(fraction).appendAscii(",\"value\":");
        }
        appendUnscaled(b, from, last, wanted - fraction, negative, out);
        if (variable) {
            out.appendByte('}');
        }
    }

    /** Where the point is, or the end. */
    private static int point(byte[] b, int offset, int from, int end) {
        int point = end;
        for (int i = from; i < end; i++) {
            if (b[i] == '.' && point == end) {
                point = i;
            } else if (!isDigit(b[i])) {
                throw Misfit.of("numeric", i - offset);
            }
        }
        return point;
    }

    /** @param zeros to write behind the digits; when negative, how many of them to leave out */
    private void appendUnscaled(byte[] b, int from, int end, int zeros, boolean negative, JsonBuffer out) {
        if (end - from + zeros > LONG_DIGITS) {
            appendBig(b, from, end, zeros, negative, out);
            return;
        }
        long value = 0;
        int left = end + Math.min(0, zeros);
        for (int i = from; i < left; i++) {
            if (b[i] != '.') {
                value = value * 10 + (b[i] - '0');
            }
        }
        for (int i = 0; i < zeros; i++) {
            value *= 10;
        }
        appendLong(negative ? -value : value, out);
    }

    private void appendLong(long value, JsonBuffer out) {
        int count = (Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? ~value : value)) / Byte.SIZE + 1;
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (value >> (Byte.SIZE * (count - 1 - i)));
        }
        out.appendBase64(bytes, 0, count);
    }

    /** Allocates; few columns hold such numbers. */
    private static void appendBig(byte[] b, int from, int end, int zeros, boolean negative, JsonBuffer out) {
        StringBuilder digits = new StringBuilder(end - from + Math.max(0, zeros) + 1);
        if (negative) {
            digits.append('-');
        }
        for (int i = from; i < end + Math.min(0, zeros); i++) {
            if (b[i] != '.') {
                digits.append((char) b[i]);
            }
        }
        for (int i = 0; i < zeros; i++) {
            digits.append('0');
        }
        byte[] unscaled = new BigInteger(digits.toString()).toByteArray();
        out.appendBase64(unscaled, 0, unscaled.length);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
