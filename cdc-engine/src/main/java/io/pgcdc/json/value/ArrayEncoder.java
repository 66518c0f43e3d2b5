package io.pgcdc.json.value;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.Scratch;
import io.pgcdc.model.PgType;

/**
 * Encodes arrays (PostgreSQL documentation, "Array Input and Output Syntax") of any dimension.
 *
 * <pre>
 *   {1,2,NULL}   {{1,2},{3,4}}   {"a \"b\"",c}   [0:1][-1:0]={{..},{..}}
 * </pre>
 *
 * JSON has no lower bounds: they are left out, as in to_jsonb.
 */
final class ArrayEncoder implements ValueEncoder {

    /** PostgreSQL's MAXDIM. */
    private static final int MAX_DIMENSIONS = 6;

    private final PgType type;
    private final char delimiter;
    private final ValueEncoder element;
    private final Scratch scratch = new Scratch();

    ArrayEncoder(PgType type, char delimiter, ValueEncoder element) {
        this.type = type;
        this.delimiter = delimiter;
        this.element = element;
    }

    @Override
    public void encode(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        int i = boundsEnd(b, offset, length);
        require(i >= 0 && i < end && b[i] == '{', 0);
        if (end - i == 2 && b[i + 1] == '}') {
            out.appendByte('[').appendByte(']');
            return;
        }
        int depth = 0;
        int leafDepth = 0; // set by the first element
        while (i < end) {
            if (b[i] == '{') {
                depth++;
                require(depth <= (leafDepth == 0 ? MAX_DIMENSIONS : leafDepth), i - offset);
                out.appendByte('[');
                i++;
                continue;
            }
            require(depth == leafDepth || leafDepth == 0, i - offset);
            leafDepth = depth;
            i = b[i] == '"' ? quoted(b, offset, i, end, out) : bare(b, offset, i, end, out);
            while (i < end && b[i] == '}' && depth > 0) {
                depth--;
                out.appendByte(']');
                i++;
            }
            if (i == end) {
                break;
            }
            require(depth > 0 && b[i] == delimiter, i - offset);
            out.appendByte(',');
            i++;
            require(i < end, i - offset);
        }
        require(depth == 0 && leafDepth > 0, length);
    }

    /** Returns where the array begins after optional bounds, or -1 if the bounds do not end. */
    static int boundsEnd(byte[] b, int offset, int length) {
        if (length == 0 || b[offset] != '[') {
            return offset;
        }
        for (int i = offset + 1; i < offset + length; i++) {
            if (b[i] == '=') {
                return b[i - 1] == ']' ? i + 1 : -1;
            }
            if (!Ascii.isDigit(b[i]) && b[i] != '[' && b[i] != ']' && b[i] != ':' && b[i] != '-') {
                return -1;
            }
        }
        return -1;
    }

    private int bare(byte[] b, int offset, int from, int end, JsonBuffer out) {
        int i = from;
        for (; i < end && b[i] != delimiter && b[i] != '}'; i++) {
            require(b[i] != '"' && b[i] != '\\' && b[i] != '{', i - offset);
        }
        require(i > from, i - offset);
        if (isNull(b, from, i)) {
            out.append(Ascii.NULL);
        } else {
            element.encode(b, from, i - from, out);
        }
        return i;
    }

    private static boolean isNull(byte[] b, int from, int end) {
        return end - from == 4 && b[from] == 'N' && b[from + 1] == 'U' && b[from + 2] == 'L' && b[from + 3] == 'L';
    }

    private int quoted(byte[] b, int offset, int from, int end, JsonBuffer out) {
        int i = from + 1;
        boolean escaped = false;
        while (i < end && b[i] != '"') {
            if (b[i] == '\\') {
                escaped = true;
                i++;
            }
            i++;
        }
        require(i < end, i - offset);
        if (!escaped) {
            element.encode(b, from + 1, i - from - 1, out);
            return i + 1;
        }
        scratch.unescape(b, from + 1, i);
        element.encode(scratch.bytes(), 0, scratch.length(), out);
        return i + 1;
    }

    private void require(boolean holds, int at) {
        if (!holds) {
            throw Unreadable.value(type, "not an array", at);
        }
    }
}
