package io.pgcdc.json.bytes;

/** Writes names as JSON, to be kept as bytes. */
public final class Keys {

    private Keys() {}

    /** Returns {@code "name"}. */
    public static byte[] name(String name) {
        return new JsonBuffer().appendString(name).toByteArray();
    }

    /** Returns {@code "name":} after a comma or an opening brace. */
    public static byte[] key(String before, String name) {
        return new JsonBuffer()
                .appendAscii(before)
                .appendString(name)
                .appendByte(':')
                .toByteArray();
    }
}
