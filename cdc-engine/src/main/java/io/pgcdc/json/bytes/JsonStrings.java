package io.pgcdc.json.bytes;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes JSON strings (RFC 8259, "Strings"). Escapes only what JSON requires. */
public final class JsonStrings {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonStrings() {}

    static void append(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        out.reserve(length + 2L);
        byte[] to = out.array();
        int start = out.length();
        to[start] = '"';
        int copied = copyPlain(b, offset, end, to, start + 1);
        if (copied == length) {
            to[start + 1 + length] = '"';
            out.advance(length + 2);
            return;
        }
        out.advance(1 + copied);
        appendRest(b, offset + copied, end, out);
        out.appendByte('"');
    }

    private static void appendRest(byte[] b, int from, int end, JsonBuffer out) {
        int run = from;
        int i = from;
        while (i < end) {
            if (b[i] < 0) {
                i += sequence(b, i, end);
            } else {
                out.append(b, run, i - run);
                appendEscape(b[i], out);
                run = ++i;
            }
            i = plainEnd(b, i, end);
        }
        out.append(b, run, end - run);
    }

    /**
     * Copies eight bytes at a time, up to the first byte at which {@link #plainEnd} stops.
     *
     * @param to has room for all bytes from {@code at} on; bytes after the copied ones may be overwritten
     * @return the number of copied bytes
     */
    private static int copyPlain(byte[] b, int offset, int end, byte[] to, int at) {
        int shift = at - offset;
        int i = offset;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long word = (long) LONG.get(b, i);
            LONG.set(to, i + shift, word);
            if (hasSpecial(word)) {
                break;
            }
        }
        if (i > end - Long.BYTES && i < end && end - offset >= Long.BYTES) {
            // the last word, which overlaps bytes that are already copied
            long word = (long) LONG.get(b, end - Long.BYTES);
            if (!hasSpecial(word)) {
                LONG.set(to, end - Long.BYTES + shift, word);
                return end - offset;
            }
        }
        for (; i < end; i++) {
            byte c = b[i];
            if (c < ' ' || c == '"' || c == '\\') {
                break;
            }
            to[i + shift] = c;
        }
        return i - offset;
    }

    /** Like {@link Utf8#sequence}, but throws if there is no sequence. */
    public static int sequence(byte[] b, int i, int end) {
        int size = Utf8.sequence(b, i, end);
        if (size == 0) {
            throw new DecodeException(
                    ErrorCode.TYPE_UNREADABLE,
                    "text is not UTF-8; the connection's client_encoding must be UTF8 and the server must send valid UTF-8");
        }
        return size;
    }

    /**
     * Returns the first byte from {@code from} on that is not printable ASCII, or is a quote or backslash; {@code end} if there is
     * none.
     */
    public static int plainEnd(byte[] b, int from, int end) {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            if (hasSpecial((long) LONG.get(b, i))) {
                break;
            }
        }
        while (i < end && b[i] >= ' ' && b[i] != '"' && b[i] != '\\') {
            i++;
        }
        return i;
    }

    private static boolean hasSpecial(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        // each term sets a byte's high bit for: a control character, a quote, a backslash, not ASCII
        long control = (word - SPACES) & ~word;
        long special = control | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | word;
        return (special & HIGHS) != 0;
    }

    static void append(CharSequence text, JsonBuffer out) {
        int end = text.length();
        out.reserve(end + 2L);
        out.appendByte('"');
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c < ' ' || c == '"' || c == '\\') {
                    appendEscape(c, out);
                } else {
                    out.appendByte(c);
                }
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                appendCodePoint(Character.toCodePoint(c, text.charAt(++i)), out);
            } else {
                appendCodePoint(Character.isSurrogate(c) ? 0xFFFD : c, out);
            }
        }
        out.appendByte('"');
    }

    private static void appendCodePoint(int c, JsonBuffer out) {
        if (c < 0x800) {
            out.appendByte(0xC0 | (c >> 6));
        } else if (c < 0x10000) {
            out.appendByte(0xE0 | (c >> 12)).appendByte(0x80 | ((c >> 6) & 0x3F));
        } else {
            out.appendByte(0xF0 | (c >> 18))
                    .appendByte(0x80 | ((c >> 12) & 0x3F))
                    .appendByte(0x80 | ((c >> 6) & 0x3F));
        }
        out.appendByte(0x80 | (c & 0x3F));
    }

    private static void appendEscape(int c, JsonBuffer out) {
        out.appendByte('\\');
        switch (c) {
            case '"', '\\' -> out.appendByte(c);
            case '\b' -> out.appendByte('b');
            case '\f' -> out.appendByte('f');
            case '\n' -> out.appendByte('n');
            case '\r' -> out.appendByte('r');
            case '\t' -> out.appendByte('t');
            default -> out.appendAscii("u00").appendByte('0' + (c >> 4)).appendByte("0123456789abcdef".charAt(c & 15));
        }
    }
}
