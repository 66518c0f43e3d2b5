package io.pgcdc.json.bytes;

/** Names, written once as JSON and kept as bytes. */
public final class Keys {

    private Keys() {}

    /** {@code "name"} */
    public static byte[] name(String name) {
        return new JsonBuffer().appendString(name).toByteArray();
    }

    /** {@code "name":} behind a comma or an opening brace. */
    public static byte[] key(String before, String name) {
        return new JsonBuffer()
                .appendAscii(before)
                .appendString(name)
                .appendByte(':')
                .toByteArray();
    }
}
