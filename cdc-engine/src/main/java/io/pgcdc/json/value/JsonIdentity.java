package io.pgcdc.json.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.json.bytes.JsonBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares two JSON documents like jsonb: keys in any order, the last of equal keys, numbers by value.
 *
 * <p>Each distinct value gets a number, from the leaves up, in a table that both documents share. An array is the list of its
 * elements' numbers; an object maps its keys to numbers. Equal documents have the same number at the end. Uses no stack, at any
 * depth.
 */
final class JsonIdentity {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Map<Object, Integer> numbers = new HashMap<>();
    private final Decimal decimal = new Decimal();

    private JsonIdentity() {}

    static boolean same(JsonBuffer a, JsonBuffer b) {
        JsonIdentity identity = new JsonIdentity();
        return identity.of(a) == identity.of(b);
    }

    /** A container before its end. */
    private static final class Open {
        final @Nullable List<Integer> array;
        final @Nullable Map<String, Integer> object;
        String key = "";

        Open(boolean isArray) {
            array = isArray ? new ArrayList<>() : null;
            object = isArray ? null : new HashMap<>();
        }

        void add(int value) {
            if (array != null) {
                array.add(value);
            } else if (object != null) {
                object.put(key, value);
            }
        }

        Object content() {
            return array != null ? array : object != null ? object : "";
        }
    }

    private int of(JsonBuffer document) {
        ArrayDeque<Open> open = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(document.array(), 0, document.length())) {
            int value = -1;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_ARRAY, START_OBJECT -> {
                        open.push(new Open(token == JsonToken.START_ARRAY));
                        continue;
                    }
                    case FIELD_NAME -> {
                        open.element().key = parser.currentName();
                        continue;
                    }
                    case END_ARRAY, END_OBJECT -> value = number(open.pop().content());
                    default -> value = number(scalar(token, parser));
                }
                if (!open.isEmpty()) {
                    open.element().add(value);
                }
            }
            return value;
        } catch (IOException e) {
            // the text is an encoder's output, which was checked
            throw new DecodeException(
                    ErrorCode.TYPE_UNREADABLE,
                    "a document cannot be read back for comparison: "
                            + e.getClass().getSimpleName());
        }
    }

    private int number(Object value) {
        Integer next = numbers.size();
        Integer known = numbers.putIfAbsent(value, next);
        return known == null ? next : known;
    }

    /** Returns the scalar's identity. The first letter tells the kind. */
    private String scalar(JsonToken token, JsonParser parser) throws IOException {
        return switch (token) {
            case VALUE_STRING -> "s" + parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String text = parser.getText();
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                yield "n" + (decimal.parse(bytes, 0, bytes.length) ? decimal.canonical() : text);
            }
            default -> token.name();
        };
    }
}
