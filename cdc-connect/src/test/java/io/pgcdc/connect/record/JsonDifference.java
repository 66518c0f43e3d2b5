package io.pgcdc.connect.record;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares two JSON texts, also the order of fields. The texts of a number may differ if they mean the same float or double. */
final class JsonDifference {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int SHOWN = 160;

    private final boolean floats;

    /** @param floats true if numbers are float4 */
    JsonDifference(boolean floats) {
        this.floats = floats;
    }

    /** Returns the first difference, or null if there is none. */
    @Nullable
    String of(byte @Nullable [] expected, byte @Nullable [] actual) {
        return Arrays.equals(expected, actual) ? null : of("", tree(expected), tree(actual));
    }

    private static JsonNode tree(byte @Nullable [] json) {
        try {
            return json == null ? JSON.missingNode() : JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String of(String where, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject() && names(expected).equals(names(actual))) {
            for (String name : names(expected)) {
                String difference = of(where + "." + name, expected.get(name), actual.get(name));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                String difference = of(where + "[" + i + "]", expected.get(i), actual.get(i));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        return isSame(expected, actual) ? null : where + ": " + cut(expected) + " is expected, not " + cut(actual);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private boolean isSame(JsonNode expected, JsonNode actual) {
        if (expected.isBigDecimal() && actual.isBigDecimal()) {
            return expected.doubleValue() == actual.doubleValue()
                    || (floats && expected.floatValue() == actual.floatValue());
        }
        return expected.equals(actual);
    }

    private static String cut(JsonNode node) {
        String text = node.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
