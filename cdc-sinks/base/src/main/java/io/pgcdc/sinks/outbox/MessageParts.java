package io.pgcdc.sinks.outbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgcdc.model.MessageView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of some keys of a message that is a JSON object. A string's value is its text; any other value is JSON. In UTF-8. */
final class MessageParts {

    private static final JsonFactory JSON = new JsonFactory();

    private final byte[][] parts;

    private MessageParts(int count) {
        parts = new byte[count][];
    }

    /**
     * Reads a message.
     *
     * @param keys the keys to read. The last key's value is always JSON: a string has its quotes
     * @return the values, or null if the message is not a JSON object
     */
    static @Nullable MessageParts read(MessageView message, List<String> keys) {
        byte[] json = Arrays.copyOfRange(message.buffer(), message.offset(), message.offset() + message.length());
        MessageParts parts = new MessageParts(keys.size());
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int at = keys.indexOf(parser.currentName());
                JsonToken value = parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                if (value == JsonToken.VALUE_STRING && at < keys.size() - 1) {
                    parts.set(at, parser.getText().getBytes(StandardCharsets.UTF_8));
                    continue;
                }
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                if (value != JsonToken.VALUE_NULL) {
                    parts.set(at, Arrays.copyOfRange(json, from, to));
                }
            }
            return parser.nextToken() == null ? parts : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void set(int at, byte[] part) {
        if (at >= 0) {
            parts[at] = part;
        }
    }

    /** Returns the value of a key by its index in the list, or null if the object has none or a JSON null. */
    byte @Nullable [] get(int part) {
        return parts[part];
    }
}
