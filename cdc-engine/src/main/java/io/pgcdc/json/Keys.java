package io.pgcdc.json;

import java.util.Arrays;

/** Names, written once as JSON and kept as bytes. */
final class Keys {

    private Keys() {}

    /** {@code "name"} */
    static byte[] name(String name) {
        JsonBuffer buffer = new JsonBuffer().appendString(name);
        return Arrays.copyOf(buffer.array(), buffer.length());
    }

    /** {@code "name":} behind a comma or an opening brace. */
    static byte[] key(String before, String name) {
        JsonBuffer buffer =
                new JsonBuffer().appendAscii(before).appendString(name).appendByte(':');
        return Arrays.copyOf(buffer.array(), buffer.length());
    }
}
