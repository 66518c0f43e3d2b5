package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.JsonNumbers;
import io.pgcdc.json.bytes.JsonStrings;
import io.pgcdc.model.PgType;
import java.util.Arrays;

/**
 * Writes a JSON text without the white space outside its strings, and checks that it is valid: an invalid value would break the
 * record around it. Keeps what {@code json} allows but {@code jsonb} refuses or changes ({@code 1e1000000}, {@code \u0000}, a lone
 * surrogate, duplicate keys).
 *
 * <p>Nesting takes one bit per level and no stack.
 */
final class JsonCompactor implements ValueEncoder {

    /** Deeper than PostgreSQL's own parser, which is recursive, can read. */
    private static final int MAX_DEPTH = 1 << 20;

    private static final int BEFORE_VALUE = 0;
    private static final int AFTER_VALUE = 1;
    /** After an opening bracket: a value or the end. */
    private static final int FIRST_ELEMENT = 2;
    /** After an opening brace: a key or the end. */
    private static final int FIRST_KEY = 3;

    private static final int NEXT_KEY = 4;
    private static final int COLON = 5;

    private final PgType type;
    /** One bit per level, set for an object. */
    private long[] objects = new long[4];

    JsonCompactor(PgType type) {
        this.type = type;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        int state = BEFORE_VALUE;
        int depth = 0;
        int run = offset;
        int i = offset;
        while (i < end) {
            int c = b[i];
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                out.append(b, run, i - run);
                run = ++i;
                continue;
            }
            switch (c) {
                case '{', '[' -> {
                    require(state == BEFORE_VALUE || state == FIRST_ELEMENT, i - offset);
                    open(depth++, c == '{', i - offset);
                    state = c == '{' ? FIRST_KEY : FIRST_ELEMENT;
                    i++;
                }
                case '}' -> {
                    require(depth > 0 && (state == FIRST_KEY || state == AFTER_VALUE), i - offset);
                    require(isObject(--depth), i - offset);
                    state = AFTER_VALUE;
                    i++;
                }
                case ']' -> {
                    require(depth > 0 && (state == FIRST_ELEMENT || state == AFTER_VALUE), i - offset);
                    require(!isObject(--depth), i - offset);
                    state = AFTER_VALUE;
                    i++;
                }
                case ',' -> {
                    require(depth > 0 && state == AFTER_VALUE, i - offset);
                    state = isObject(depth - 1) ? NEXT_KEY : BEFORE_VALUE;
                    i++;
                }
                case ':' -> {
                    require(state == COLON, i - offset);
                    state = BEFORE_VALUE;
                    i++;
                }
                case '"' -> {
                    boolean key = state == FIRST_KEY || state == NEXT_KEY;
                    require(key || state == BEFORE_VALUE || state == FIRST_ELEMENT, i - offset);
                    i = stringEnd(b, offset, i + 1, end);
                    state = key ? COLON : AFTER_VALUE;
                }
                default -> {
                    require(state == BEFORE_VALUE || state == FIRST_ELEMENT, i - offset);
                    int next = scalarEnd(b, i, end);
                    require(next > i, i - offset);
                    i = next;
                    state = AFTER_VALUE;
                }
            }
        }
        require(depth == 0 && state == AFTER_VALUE, length);
        out.append(b, run, end - run);
    }

    private void open(int depth, boolean object, int at) {
        require(depth < MAX_DEPTH, at);
        int word = depth >>> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, 2 * word);
        }
        long bit = 1L << depth;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
    }

    private boolean isObject(int depth) {
        return (objects[depth >>> 6] & 1L << depth) != 0;
    }

    private int stringEnd(byte[] b, int offset, int from, int end) {
        int i = from;
        while (true) {
            i = JsonStrings.plainEnd(b, i, end);
            require(i < end, i - offset);
            if (b[i] == '"') {
                return i + 1;
            }
            if (b[i] < 0) {
                i += JsonStrings.sequence(b, i, end);
            } else {
                require(b[i] == '\\', i - offset); // a raw control character is invalid in a string
                int escape = escapeLength(b, i + 1, end);
                require(escape > 0, i - offset);
                i += 1 + escape;
            }
        }
    }

    private static int escapeLength(byte[] b, int i, int end) {
        if (i >= end) {
            return 0;
        }
        return switch (b[i]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 1;
            case 'u' -> isHex(b, i + 1, end) ? 5 : 0;
            default -> 0;
        };
    }

    private static boolean isHex(byte[] b, int from, int end) {
        if (end - from < 4) {
            return false;
        }
        for (int i = from; i < from + 4; i++) {
            if (Character.digit(b[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the end of the number, true, false or null at {@code i}; at most {@code i} if there is none. */
    private static int scalarEnd(byte[] b, int i, int end) {
        byte[] word = switch (b[i]) {
            case 't' -> Ascii.TRUE;
            case 'f' -> Ascii.FALSE;
            case 'n' -> Ascii.NULL;
            default -> null;
        };
        if (word == null) {
            return JsonNumbers.end(b, i, end);
        }
        boolean whole = word.length <= end - i && Ascii.matches(word, b, i, word.length);
        return whole ? i + word.length : -1;
    }

    private void require(boolean holds, int at) throws DecodeException {
        if (!holds) {
            throw Unreadable.value(type, "not JSON", at);
        }
    }
}
