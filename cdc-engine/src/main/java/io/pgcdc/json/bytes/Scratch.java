package io.pgcdc.json.bytes;

/** A buffer for quoted elements without their escapes. Grows to the largest element, but does not keep an array for a huge one. */
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
     * Copies the inside of a quoted element, without each escaping backslash and the first of two quotes. The caller has checked
     * that a byte follows each of them.
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
