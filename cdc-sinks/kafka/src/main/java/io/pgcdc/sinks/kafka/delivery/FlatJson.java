package io.pgcdc.sinks.kafka.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Small JSON objects. */
final class FlatJson {

    private static final JsonFactory JSON = new JsonFactory();

    private FlatJson() {}

    /**
     * The object's strings, numbers and booleans as text, by name. Nulls, and what holds other values, are left out.
     *
     * @throws IllegalArgumentException when it is no JSON object
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
     * An array of a string and an object.
     *
     * @return the object's values as {@link #read} gives them, and the string under the name ""; empty when it is no such array
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
