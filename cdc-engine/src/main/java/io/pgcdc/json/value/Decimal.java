package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonNumbers;

/**
 * The value of a JSON number, without expanding its text. {@code 1.0}, {@code 1.00} and {@code 10e-1} are one value. {@code
 * 1e1000000} takes no more time than its nine characters. Reusable.
 *
 * <pre>
 *   -00120.3400e5      significant digits 1 2 0 3 4 (from first to last, around the point); the 1 means 10^7
 *      first   last
 * </pre>
 */
final class Decimal {

    /** Larger than any number in PostgreSQL. Numbers with larger exponents are compared by text. */
    private static final long LARGEST_EXPONENT = 1_000_000_000_000L;

    private byte[] text = new byte[0];
    private int first;
    private int last;
    private boolean negative;
    /** Power of ten of the first significant digit. */
    private long magnitude;

    /** @return false if the text is not a JSON number, or its exponent exceeds the limit */
    boolean parse(byte[] b, int offset, int length) {
        if (!JsonNumbers.isNumber(b, offset, length)) {
            return false;
        }
        text = b;
        int end = offset + length;
        int i = offset;
        negative = b[i] == '-';
        if (negative) {
            i++;
        }
        first = -1;
        last = -1;
        long integerDigits = -1;
        long digitsBeforeFirst = 0;
        long digits = 0;
        for (; i < end && (b[i] == '.' || Ascii.isDigit(b[i])); i++) {
            if (b[i] == '.') {
                integerDigits = digits;
                continue;
            }
            if (b[i] != '0') {
                if (first < 0) {
                    first = i;
                    digitsBeforeFirst = digits;
                }
                last = i + 1;
            }
            digits++;
        }
        if (isZero()) {
            return true; // with any sign and exponent: jsonb has no -0
        }
        magnitude = (integerDigits < 0 ? digits : integerDigits) - 1 - digitsBeforeFirst;
        return i == end || addExponent(i + 1, end);
    }

    private boolean addExponent(int from, int end) {
        boolean minus = text[from] == '-';
        long exponent = 0;
        for (int i = Ascii.isDigit(text[from]) ? from : from + 1; i < end; i++) {
            exponent = exponent * 10 + (text[i] - '0');
            if (exponent > LARGEST_EXPONENT) {
                return false;
            }
        }
        magnitude += minus ? -exponent : exponent;
        return true;
    }

    private boolean isZero() {
        return first < 0;
    }

    boolean sameValue(Decimal other) {
        if (isZero() || other.isZero()) {
            return isZero() && other.isZero();
        }
        if (negative != other.negative || magnitude != other.magnitude) {
            return false;
        }
        int i = first;
        int k = other.first;
        while (i < last && k < other.last) {
            if (text[i] == '.') {
                i++;
            } else if (other.text[k] == '.') {
                k++;
            } else if (text[i++] != other.text[k++]) {
                return false;
            }
        }
        return i == last && k == other.last;
    }

    /** Returns the same string for the same value. */
    String canonical() {
        if (isZero()) {
            return "0";
        }
        StringBuilder s = new StringBuilder(last - first + 16);
        if (negative) {
            s.append('-');
        }
        for (int i = first; i < last; i++) {
            if (text[i] != '.') {
                s.append((char) text[i]);
            }
        }
        return s.append('e').append(magnitude).toString();
    }
}
