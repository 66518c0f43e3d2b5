package io.pgcdc.json;

/** Names, written once as JSON and kept as bytes. */
final class Keys {

    private Keys() {}

    /** {@code "name"} */
    static byte[] name(String name) {
        return new JsonBuffer().appendString(name).toByteArray();
    }

    /** {@code "name":} behind a comma or an opening brace. */
    static byte[] key(String before, String name) {
        return new JsonBuffer()
                .appendAscii(before)
                .appendString(name)
                .appendByte(':')
                .toByteArray();
    }
}
