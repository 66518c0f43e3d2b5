package io.pgcdc.json.record;

import io.pgcdc.json.bytes.Ascii;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.bytes.Utf8;
import io.pgcdc.model.MessageView;

/** Writes the keys of a logical message: {@code "prefix":…,"content":…,"transactional":…}, without braces. */
public final class MessageContent {

    private MessageContent() {}

    /** Appends the keys. Writes {@code content_base64} instead of {@code content} if that is not UTF-8, or has a zero character. */
    public static void append(MessageView message, JsonBuffer out) {
        byte[] bytes = message.buffer();
        int offset = message.offset();
        int length = message.length();
        out.appendAscii("\"prefix\":").appendString(message.prefix());
        if (Utf8.isValid(bytes, offset, length) && !hasZero(bytes, offset, length)) {
            out.appendAscii(",\"content\":").appendString(bytes, offset, length);
        } else {
            out.appendAscii(",\"content_base64\":").appendBase64(bytes, offset, length);
        }
        out.appendAscii(",\"transactional\":").append(message.transactional() ? Ascii.TRUE : Ascii.FALSE);
    }

    /** jsonb refuses a zero character, escaped or not. */
    private static boolean hasZero(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
