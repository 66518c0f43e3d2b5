package io.pgcdc.sinks.postgres.projection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path into JSON in PostgreSQL's own form: {@code ->'items'->0->>'name'}. Returns what these operators return for the same text.
 * Immutable; any thread.
 *
 * @param steps keys of objects and places in arrays; a place below 0 counts from the end
 * @param asText true if the last operator is {@code ->>}: a string without its quotes, and null for a JSON null
 */
record JsonPath(List<Step> steps, boolean asText) {

    static final String ARROW = "->";

    /** What the server stored is read, however long or deep it is. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final Pattern STEP = Pattern.compile("(->>?)\\s*(?:'((?:[^']|'')*)'|(-?[0-9]{1,9}))\\s*");

    /** @param key null for a place in an array */
    record Step(@Nullable String key, int place) {}

    /** Where a value is in the text. */
    private record Range(int from, int to) {}

    JsonPath {
        steps = List.copyOf(steps);
    }

    /**
     * Parses a path.
     *
     * @throws IllegalArgumentException if it has another form; the message completes "write …"
     */
    static JsonPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        boolean asText = false;
        Matcher step = STEP.matcher(text);
        int end = 0;
        while (step.find() && step.start() == end && !asText) {
            asText = step.group(1).length() > ARROW.length();
            String place = step.group(3);
            steps.add(
                    place == null
                            ? new Step(step.group(2).replace("''", "'"), 0)
                            : new Step(null, Integer.parseInt(place)));
            end = step.end();
        }
        if (end < text.length()) {
            throw new IllegalArgumentException(
                    "the path as column->'key'->0->>'key'; ->> can only be the last operator");
        }
        return new JsonPath(steps, asText);
    }

    /**
     * Returns the value at the path, or null if there is none.
     *
     * @param scalarIsArray true for jsonb, to which {@code ->} a scalar is an array with one element
     * @throws IOException if the text is not JSON
     */
    byte @Nullable [] find(byte[] buffer, int offset, int length, boolean scalarIsArray) throws IOException {
        byte[] json = Arrays.copyOfRange(buffer, offset, offset + length);
        Range at = new Range(0, json.length);
        for (Step step : steps) {
            at = child(json, at, step, scalarIsArray);
            if (at == null) {
                return null;
            }
        }
        return asText ? text(json, at) : Arrays.copyOfRange(json, at.from(), at.to());
    }

    private static JsonParser open(byte[] json, Range at) throws IOException {
        JsonParser parser = JSON.createParser(json, at.from(), at.to() - at.from());
        if (parser.nextToken() == null) {
            throw new EOFException("no JSON value");
        }
        return parser;
    }

    /** Returns where the value is in an object or array. Of equal keys the last counts. Null if it is not there. */
    private static @Nullable Range child(byte[] json, Range at, Step step, boolean scalarIsArray) throws IOException {
        try (JsonParser parser = open(json, at)) {
            String key = step.key();
            if (key == null && scalarIsArray && parser.currentToken().isScalarValue()) {
                return step.place() == 0 || step.place() == -1 ? at : null;
            }
            if (parser.currentToken() != (key == null ? JsonToken.START_ARRAY : JsonToken.START_OBJECT)) {
                return null;
            }
            List<Range> elements = new ArrayList<>();
            Range found = null;
            JsonToken token = parser.nextToken();
            while (token != JsonToken.END_ARRAY && token != JsonToken.END_OBJECT) {
                boolean wanted = key == null || key.equals(parser.currentName());
                if (key != null) {
                    parser.nextToken();
                }
                int from = at.from() + (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                if (wanted) {
                    found = new Range(
                            from, at.from() + (int) parser.currentLocation().getByteOffset());
                    elements.add(found);
                }
                token = parser.nextToken();
            }
            if (key != null) {
                return found;
            }
            int place = step.place() < 0 ? elements.size() + step.place() : step.place();
            return place >= 0 && place < elements.size() ? elements.get(place) : null;
        }
    }

    private static byte @Nullable [] text(byte[] json, Range at) throws IOException {
        try (JsonParser parser = open(json, at)) {
            return switch (parser.currentToken()) {
                case VALUE_NULL -> null;
                case VALUE_STRING -> parser.getText().getBytes(StandardCharsets.UTF_8);
                default -> Arrays.copyOfRange(json, at.from(), at.to());
            };
        }
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            String key = steps.get(i).key();
            text.append(asText && i == steps.size() - 1 ? "->>" : ARROW);
            text.append(key == null ? String.valueOf(steps.get(i).place()) : "'" + key.replace("'", "''") + "'");
        }
        return text.toString();
    }
}
