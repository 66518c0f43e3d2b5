package io.pgcdc.sinks.text;

/**
 * Reads the text of an array element by element (PostgreSQL documentation, "Array Input and Output Syntax"). Skips the bounds. For
 * one thread.
 *
 * <pre>
 *   {1,2,NULL}   {{1,2},{3,4}}   {"a \"b\"",c}   [0:1]={1,2}
 * </pre>
 */
public final class ArrayText {

    private static final int KEPT_BYTES = 1 << 20;

    private final char delimiter;
    private byte[] unescaped = new byte[64];
    private byte[] text = unescaped;
    private int start;
    private int at;
    private int end;
    private int depth;

    private byte[] element = unescaped;
    private int elementOffset;
    private int elementLength;
    private boolean isNull;

    /** @param delimiter the character between elements */
    public ArrayText(char delimiter) {
        this.delimiter = delimiter;
    }

    /** Starts to read an array's text. */
    public void begin(byte[] b, int offset, int length) {
        text = b;
        start = offset;
        at = offset;
        end = offset + length;
        depth = 0;
        if (length > 0 && b[offset] == '[') {
            while (at < end && b[at] != '{') {
                at++;
            }
        }
        if (at == end || b[at] != '{' || b[end - 1] != '}') {
            throw Misfit.of("array", at - offset);
        }
        for (int i = at; i < end && b[i] == '{'; i++) {
            depth++;
        }
    }

    /** Returns the number of dimensions. */
    public int dimensions() {
        return depth;
    }

    /** Moves to the next element. Returns false if there is none. */
    public boolean next() {
        while (at < end && (text[at] == '{' || text[at] == '}' || text[at] == delimiter)) {
            at++;
        }
        if (at >= end) {
            return false;
        }
        if (text[at] == '"') {
            quoted();
        } else {
            bare();
        }
        return true;
    }

    private void bare() {
        int from = at;
        while (at < end && text[at] != delimiter && text[at] != '}') {
            at++;
        }
        element(text, from, at - from);
        isNull = at - from == 4
                && text[from] == 'N'
                && text[from + 1] == 'U'
                && text[from + 2] == 'L'
                && text[from + 3] == 'L';
    }

    private void quoted() {
        int from = at + 1;
        int i = from;
        boolean escaped = false;
        while (i < end && text[i] != '"') {
            if (text[i] == '\\') {
                escaped = true;
                i++;
            }
            i++;
        }
        if (i >= end) {
            throw Misfit.of("array", from - start);
        }
        if (escaped) {
            int count = unescape(from, i);
            element(unescaped, 0, count);
        } else {
            element(text, from, i - from);
        }
        isNull = false;
        at = i + 1;
    }

    private void element(byte[] b, int offset, int length) {
        element = b;
        elementOffset = offset;
        elementLength = length;
    }

    /** Copies the text without its escapes to {@link #unescaped}. Returns the number of bytes. */
    private int unescape(int from, int to) {
        int capacity = to - from;
        if (unescaped.length < capacity || (unescaped.length > KEPT_BYTES && capacity <= KEPT_BYTES)) {
            unescaped = new byte[Math.max(64, capacity)];
        }
        int count = 0;
        for (int i = from; i < to; i++) {
            if (text[i] == '\\') {
                i++;
            }
            unescaped[count++] = text[i];
        }
        return count;
    }

    /** Returns true if the current element is null. */
    public boolean isNull() {
        return isNull;
    }

    /** Returns the buffer that contains the current element's text, unquoted. */
    public byte[] buffer() {
        return element;
    }

    public int offset() {
        return elementOffset;
    }

    public int length() {
        return elementLength;
    }
}
