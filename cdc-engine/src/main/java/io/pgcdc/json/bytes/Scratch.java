package io.pgcdc.json.bytes;

/** Where a quoted element is put together without its escapes. Grows to the largest, except for giants, which are let go. */
public final class Scratch {

    private static final int KEPT_BYTES = 1 << 20;

    private byte[] bytes = new byte[64];
    private int length;

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /**
     * Puts together the inside of a quoted element, from which each backslash falls away, and the first of two quotes. The
     * caller has checked that both are followed by a byte.
     */
    public void unescape(byte[] b, int from, int end) {
        int capacity = end - from;
        if (bytes.length < capacity || (bytes.length > KEPT_BYTES && capacity <= KEPT_BYTES)) {
            bytes = new byte[Math.max(64, capacity)];
        }
        length = 0;
        for (int i = from; i < end; i++) {
            if (b[i] == '\\' || b[i] == '"') {
                i++;
            }
            bytes[length++] = b[i];
        }
    }
}
