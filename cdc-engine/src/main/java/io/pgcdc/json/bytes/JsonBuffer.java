package io.pgcdc.json.bytes;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.util.Arrays;

/**
 * An output buffer that grows. It is kept and cleared between records, so nothing is allocated once it has grown to the largest
 * record. Belongs to one thread.
 *
 * <p>Growth beyond the limit throws DecodeException ({@code ROW_TOO_LARGE}). The bytes written before stay.
 */
public final class JsonBuffer {

    /** The longest array that every JVM can allocate. */
    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private static final byte[] BASE64 =
            Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");

    private final int maxLength;
    private byte[] bytes;
    private int length;

    public JsonBuffer() {
        this(1024, LARGEST);
    }

    /** @param maxLength limit in bytes */
    public JsonBuffer(int initialCapacity, int maxLength) {
        this.maxLength = Math.min(maxLength, LARGEST);
        this.bytes = new byte[Math.min(initialCapacity, this.maxLength)];
    }

    /** Returns the array with the output, from 0 to {@link #length}. The next append may replace the array. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Removes everything after the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    public JsonBuffer append(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    public JsonBuffer append(byte[] source) {
        return append(source, 0, source.length);
    }

    /** @param b its low eight bits are appended */
    public JsonBuffer appendByte(int b) {
        reserve(1);
        bytes[length++] = (byte) b;
        return this;
    }

    /** Appends characters below 128. */
    public JsonBuffer appendAscii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    public JsonBuffer appendLong(long value) {
        if (value >= 0) {
            return appendDigits(value, 1);
        }
        appendByte('-');
        if (value == Long.MIN_VALUE) {
            return appendAscii("9223372036854775808");
        }
        return appendDigits(-value, 1);
    }

    /** Appends a non-negative number, with leading zeros up to {@code minDigits}. */
    public JsonBuffer appendDigits(long value, int minDigits) {
        if (value < 10 && minDigits <= 1) {
            return appendByte('0' + (int) value); // fast path for most ordinals
        }
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        int count = Math.max(digits, minDigits);
        reserve(count);
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /** Appends an LSN as the server prints it: two hexadecimal halves without leading zeros. */
    public JsonBuffer appendLsn(long lsn) {
        return appendHex((int) (lsn >>> 32)).appendByte('/').appendHex((int) lsn);
    }

    private JsonBuffer appendHex(int value) {
        reserve(2 * Integer.BYTES);
        byte[] to = bytes;
        int at = length;
        for (int shift = Math.max(0, 28 - Integer.numberOfLeadingZeros(value) / 4 * 4); shift >= 0; shift -= 4) {
            to[at++] = HEX[(value >>> shift) & 15];
        }
        length = at;
        return this;
    }

    /**
     * Appends UTF-8 text as a JSON string, with quotes and escapes.
     *
     * @throws DecodeException if it is not UTF-8
     */
    public JsonBuffer appendString(byte[] utf8, int offset, int count) {
        JsonStrings.append(utf8, offset, count, this);
        return this;
    }

    /** Appends text as a JSON string, with quotes and escapes. An unpaired surrogate becomes U+FFFD. */
    public JsonBuffer appendString(CharSequence text) {
        JsonStrings.append(text, this);
        return this;
    }

    /** Appends bytes as a JSON string of padded base64. */
    public JsonBuffer appendBase64(byte[] source, int offset, int count) {
        reserve(((long) count + 2) / 3 * 4 + 2);
        appendByte('"');
        int end = offset + count;
        for (int i = offset; i < end; i += 3) {
            int left = end - i;
            int group = (source[i] & 0xFF) << 16
                    | (left > 1 ? (source[i + 1] & 0xFF) << 8 : 0)
                    | (left > 2 ? source[i + 2] & 0xFF : 0);
            appendByte(BASE64[group >>> 18]);
            appendByte(BASE64[group >>> 12 & 63]);
            appendByte(left > 1 ? BASE64[group >>> 6 & 63] : '=');
            appendByte(left > 2 ? BASE64[group & 63] : '=');
        }
        return appendByte('"');
    }

    /** Adds bytes to the length that the caller wrote into {@link #array}, after {@link #reserve}. */
    void advance(int count) {
        length += count;
    }

    /** Returns the output in a new array. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Makes room for that many more bytes. */
    void reserve(long more) {
        if (more > bytes.length - length) {
            grow(more);
        }
    }

    private void grow(long more) {
        long needed = length + more;
        if (needed > maxLength) {
            throw new DecodeException(
                    ErrorCode.ROW_TOO_LARGE,
                    "JSON output would grow beyond " + maxLength
                            + " bytes; lower the batch size, or remove the wide columns from the publication");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(maxLength, Math.max(needed, 2L * bytes.length)));
    }

    /** Returns the output as text; for logs and tests. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }
}
