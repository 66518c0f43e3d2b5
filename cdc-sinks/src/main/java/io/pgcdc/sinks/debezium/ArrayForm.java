package io.pgcdc.sinks.debezium;

import io.pgcdc.json.JsonBuffer;

/**
 * Arrays (PostgreSQL documentation, "Array Input and Output Syntax"), element by element; dimensions and bounds are left out, for a
 * Connect array has one dimension.
 *
 * <pre>
 *   {1,2,NULL}   {{1,2},{3,4}}   {"a \"b\"",c}   [0:1]={1,2}
 * </pre>
 */
final class ArrayForm implements ValueForm {

    private static final int KEPT_BYTES = 1 << 20;

    private final char delimiter;
    private final ValueForm element;
    private byte[] unescaped = new byte[64];

    ArrayForm(char delimiter, ValueForm element) {
        this.delimiter = delimiter;
        this.element = element;
    }

    @Override
    public void append(byte[] b, int offset, int length, JsonBuffer out) {
        int end = offset + length;
        int i = offset;
        if (length > 0 && b[offset] == '[') {
            while (i < end && b[i] != '{') {
                i++;
            }
        }
        if (i == end || b[i] != '{' || b[end - 1] != '}') {
            throw Misfit.of("array", i - offset);
        }
        out.appendByte('[');
        boolean first = true;
        while (i < end) {
            if (b[i] == '{' || b[i] == '}' || b[i] == delimiter) {
                i++;
                continue;
            }
            if (!first) {
                out.appendByte(',');
            }
            first = false;
            i = b[i] == '"' ? quoted(b, offset, i, end, out) : bare(b, i, end, out);
        }
        out.appendByte(']');
    }

    private int bare(byte[] b, int from, int end, JsonBuffer out) {
        int i = from;
        while (i < end && b[i] != delimiter && b[i] != '}') {
            i++;
        }
        if (i - from == 4 && b[from] == 'N' && b[from + 1] == 'U' && b[from + 2] == 'L' && b[from + 3] == 'L') {
            out.appendAscii("null");
        } else {
            element.append(b, from, i - from, out);
        }
        return i;
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
        if (i >= end) {
            throw Misfit.of("array", from - offset);
        }
        if (escaped) {
            element.append(unescaped, 0, unescape(b, from + 1, i), out);
        } else {
            element.append(b, from + 1, i - from - 1, out);
        }
        return i + 1;
    }

    /** Into the scratch space; how many bytes it came to. */
    private int unescape(byte[] b, int from, int end) {
        int capacity = end - from;
        if (unescaped.length < capacity || (unescaped.length > KEPT_BYTES && capacity <= KEPT_BYTES)) {
            unescaped = new byte[Math.max(64, capacity)];
        }
        int count = 0;
        for (int i = from; i < end; i++) {
            if (b[i] == '\\') {
                i++;
            }
            unescaped[count++] = b[i];
        }
        return count;
    }
}
