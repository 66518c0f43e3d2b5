package io.pgcdc.sinks.kafka.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads small JSON objects. */
final class FlatJson {

    private static final JsonFactory JSON = new JsonFactory();

    private FlatJson() {}

    /**
     * Returns the object's strings, numbers and booleans as text, by name. Skips nulls, arrays and objects.
     *
     * @throws IllegalArgumentException if the bytes are not a JSON object
     */
    static Map<String, String> read(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            return object(parser);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }

    /**
     * Reads an array of a string and an object.
     *
     * @return the object's values like {@link #read}, and the string under the name ""; an empty map if the bytes are not such an
     *     array
     */
    static Map<String, String> readNamed(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.VALUE_STRING) {
                String name = parser.getText();
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    Map<String, String> named = object(parser);
                    named.put("", name);
                    return named;
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return Map.of();
    }

    private static Map<String, String> object(JsonParser parser) throws IOException {
        Map<String, String> texts = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                texts.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return texts;
    }
}
