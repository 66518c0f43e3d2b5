package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what {@code source} says of the rows of an initial snapshot, as far as it depends on their order. */
final class SnapshotMarks {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SnapshotMarks() {}

    /** Checks that the rows come first, with the marks of their order, and with one LSN that no later record precedes. */
    static void check(List<KeyedRecord> records) {
        List<String> topics = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        Set<Long> lsns = new HashSet<>();
        long firstChange = Long.MAX_VALUE;
        for (KeyedRecord each : records) {
            JsonNode tree = tree(each);
            JsonNode value = tree.has("payload") ? tree.get("payload") : tree;
            JsonNode source = value.path("source");
            if (value.path("op").asText().equals("r")) {
                assertEquals(Long.MAX_VALUE, firstChange, "a row after a change: " + each);
                topics.add(each.topic());
                marks.add(source.path("snapshot").asText());
                lsns.add(source.path("lsn").asLong());
            } else {
                assertEquals("false", source.path("snapshot").asText(), String.valueOf(each.value()));
                firstChange = Math.min(firstChange, source.path("lsn").asLong());
            }
        }
        assertEquals(expected(topics), marks);
        assertEquals(1, lsns.size(), "LSNs of the rows: " + lsns);
        assertTrue(lsns.iterator().next() < firstChange, lsns + " is not before the first change, " + firstChange);
    }

    private static List<String> expected(List<String> topics) {
        Map<String, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < topics.size(); i++) {
            last.put(topics.get(i), i);
        }
        Set<String> begun = new HashSet<>();
        List<String> marks = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            boolean first = begun.add(topics.get(i));
            boolean isLast = last.getOrDefault(topics.get(i), -1) == i;
            if (i == topics.size() - 1) {
                marks.add("last");
            } else if (i == 0) {
                marks.add("first");
            } else if (isLast) {
                marks.add("last_in_data_collection");
            } else {
                marks.add(first ? "first_in_data_collection" : "true");
            }
        }
        return marks;
    }

    private static JsonNode tree(KeyedRecord each) {
        try {
            return JSON.readTree(String.valueOf(each.value()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + each, e);
        }
    }
}
