package io.pgcdc.sinks.debezium;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares what topics got, in order, field by field and in the order of fields. What may differ is taken out of both sides before;
 * {@link DebeziumDifferentialTest} lists it.
 */
final class Comparison {

    private static final Pattern SECONDS = Pattern.compile("(-?[0-9.]+)S$");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<String> CLOCK = List.of("ts_ms", "ts_us", "ts_ns");

    private final UnaryOperator<String> typeOfTopic;
    private final List<String> differences = new ArrayList<>();
    private int compared;

    /** @param typeOfTopic type of the column under test, or "" */
    Comparison(UnaryOperator<String> typeOfTopic) {
        this.typeOfTopic = typeOfTopic;
    }

    List<String> differences() {
        return differences;
    }

    int compared() {
        return compared;
    }

    void compare(List<KeyedRecord> theirs, List<KeyedRecord> ours) {
        Map<String, List<KeyedRecord>> left = byTopic(theirs);
        Map<String, List<KeyedRecord>> right = byTopic(ours);
        Set<String> topics = new LinkedHashSet<>(left.keySet());
        topics.addAll(right.keySet());
        for (String topic : topics) {
            List<KeyedRecord> expected = left.getOrDefault(topic, List.of());
            List<KeyedRecord> actual = right.getOrDefault(topic, List.of());
            String where = topic + " " + typeOfTopic.apply(topic);
            if (expected.size() != actual.size()) {
                differences.add(where + ": " + expected.size() + " records, not " + actual.size());
            }
            for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
                compareTrees(
                        where + " #" + i + " key",
                        tree(expected.get(i).key()),
                        tree(actual.get(i).key()),
                        topic);
                compareTrees(
                        where + " #" + i,
                        value(expected.get(i).value()),
                        value(actual.get(i).value()),
                        topic);
                compared++;
            }
        }
    }

    private static Map<String, List<KeyedRecord>> byTopic(List<KeyedRecord> records) {
        Map<String, List<KeyedRecord>> topics = new LinkedHashMap<>();
        for (KeyedRecord r : records) {
            topics.computeIfAbsent(r.topic(), t -> new ArrayList<>()).add(r);
        }
        return topics;
    }

    private static JsonNode tree(@Nullable String json) {
        try {
            JsonNode tree = JSON.readTree(json == null ? "null" : json);
            leaveOutSchema(tree.path("schema"), false);
            return tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    private static JsonNode value(@Nullable String json) {
        JsonNode tree = tree(json);
        if ((tree.has("payload") ? tree.get("payload") : tree) instanceof ObjectNode payload) {
            payload.remove(CLOCK);
            if (payload.get("source") instanceof ObjectNode source) {
                source.remove(List.of("version", "origin_lsn"));
                if (payload.path("op").asText().equals("r")) {
                    leaveOutOfRead(source);
                }
                if (source.path("txId").isNull()) {
                    source.remove(
                            CLOCK); // Debezium gives a message outside any transaction the time of the last commit
                }
                // the second one is the change's own LSN
                source.put("sequence", source.path("sequence").asText().replaceFirst(".*,", ""));
            }
        }
        return tree;
    }

    /** Two snapshots have two times, two LSNs, and two orders of tables; {@link SnapshotMarks} checks the marks. */
    private static void leaveOutOfRead(ObjectNode source) {
        source.put(
                "sequence",
                source.path("sequence").asText().replace(source.path("lsn").asText(), "the LSN"));
        source.remove(CLOCK);
        source.remove(List.of("txId", "lsn", "snapshot"));
    }

    /** What only the catalog knows: defaults, labels of an enum, NOT NULL. */
    private static void leaveOutSchema(JsonNode schema, boolean ofRow) {
        if (schema instanceof ObjectNode object && ofRow) {
            object.remove("default");
            object.remove("optional");
            if (object.path("name").asText().equals("io.debezium.data.Enum")) {
                object.remove("parameters");
            }
        }
        for (JsonNode child : schema) {
            boolean row = ofRow || isRow(schema);
            leaveOutSchema(child, row);
        }
    }

    private static boolean isRow(JsonNode schema) {
        String name = schema.path("name").asText();
        return name.endsWith(".Value");
    }

    private void compareTrees(String where, JsonNode expected, JsonNode actual, String topic) {
        if (expected.isObject() && actual.isObject()) {
            List<String> names = names(expected, topic);
            if (!names.equals(names(actual, topic))) {
                differ(where, expected, actual);
                return;
            }
            names.forEach(name -> compareTrees(where + "." + name, expected.get(name), actual.get(name), topic));
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compareTrees(where + "[" + i + "]", expected.get(i), actual.get(i), topic);
            }
        } else if (!isSame(expected, actual, typeOfTopic.apply(topic))) {
            differ(where, expected, actual);
        }
    }

    private List<String> names(JsonNode object, String topic) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (typeOfTopic.apply(topic).contains("hstore")) {
            Collections.sort(names);
        }
        return names;
    }

    private static boolean isSame(JsonNode expected, JsonNode actual, String type) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0
                    || (expected.isBigDecimal() && expected.doubleValue() == actual.doubleValue())
                    || (type.startsWith("interval") && isNear(expected, actual))
                    || (type.startsWith("float4") && expected.floatValue() == actual.floatValue());
        }
        if (type.contains("hstore") && expected.isTextual() && actual.isTextual()) {
            // the order of its keys is that of a hash map in Debezium
            return sorted(expected.asText()).equals(sorted(actual.asText()));
        }
        if (type.startsWith("interval") && expected.isTextual() && actual.isTextual()) {
            return inMicros(expected.asText()).equals(inMicros(actual.asText()));
        }
        return expected.equals(actual);
    }

    /** The fraction of a second is a double to Debezium: its text may end in a row of nines. */
    private static String inMicros(String interval) {
        Matcher seconds = SECONDS.matcher(interval);
        return seconds.replaceFirst(m -> new BigDecimal(m.group(1))
                        .setScale(6, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + "S");
    }

    /** Debezium reckons in doubles, and cuts off. */
    private static boolean isNear(JsonNode expected, JsonNode actual) {
        return Math.abs(expected.longValue() - actual.longValue()) <= 1;
    }

    private static Object sorted(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            return tree.isObject() ? tree : json;
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    private void differ(String where, JsonNode expected, JsonNode actual) {
        differences.add(where + ": " + cut(expected) + " is expected, not " + cut(actual));
    }

    private static String cut(JsonNode node) {
        String text = node.toString();
        return text.length() > 160 ? text.substring(0, 160) + "…" : text;
    }
}
