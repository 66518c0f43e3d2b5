package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.history.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The source's tables at the end: for each a line {@code {"table":"public.users","key":["id"]}}, and for each row a line {@code
 * {"table":"public.users","row":{…}}}. One thread.
 */
final class SourceTables {

    private final Map<String, List<String>> keys = new HashMap<>();
    private final Map<String, List<JsonNode>> rows = new HashMap<>();

    /** @throws IllegalArgumentException the line cannot be read */
    void add(String line) {
        JsonNode node = Json.parse(line);
        String table = node.path("table").asText();
        if (table.isEmpty() || !(node.path("key").isArray() || node.path("row").isObject())) {
            throw new IllegalArgumentException("a line must have \"table\", and \"key\" or \"row\"");
        }
        List<JsonNode> of = rows.computeIfAbsent(table, name -> new ArrayList<>());
        if (node.path("row").isObject()) {
            of.add(node.path("row"));
        } else {
            List<String> columns = new ArrayList<>();
            node.path("key").forEach(column -> columns.add(column.asText()));
            keys.put(table, columns);
        }
    }

    /** Returns the key's columns by table. */
    Map<String, List<String>> keys() {
        return keys;
    }

    /**
     * Compares the tables that have a key with what the changes made.
     *
     * @param partial true: rows that no change concerned are not missed
     * @return the tables that could not be compared
     */
    Set<String> compare(ReplayedTables replayed, Values values, boolean partial, Consumer<Finding> findings) {
        Set<String> left = new TreeSet<>(replayed.rows().keySet());
        rows.forEach((table, expected) -> {
            if (!keys.getOrDefault(table, List.of()).isEmpty()) {
                left.remove(table);
                compare(table, expected, replayed, values, partial, findings);
            } else {
                left.add(table);
            }
        });
        return left;
    }

    private static void compare(
            String table,
            List<JsonNode> expected,
            ReplayedTables replayed,
            Values values,
            boolean partial,
            Consumer<Finding> findings) {
        SortedMap<String, ReplayedTables.Row> actual =
                new TreeMap<>(replayed.rows().getOrDefault(table, new TreeMap<>()));
        for (JsonNode row : expected) {
            String key = replayed.key(table, row);
            ReplayedTables.Row came = actual.remove(key);
            if (came == null && !partial) {
                findings.accept(
                        new Finding(Kind.LOST, null, table, key, "the source has the row, but no change brought it"));
            } else if (came != null) {
                List<String> differing = values.differing(table, row, came.data());
                if (!differing.isEmpty()) {
                    findings.accept(new Finding(
                            Kind.CONTENT,
                            came.position(),
                            table,
                            key,
                            "after its last change the row differs from the source's in " + String.join(", ", differing)
                                    + ": a change is wrong, or a later one is lost"));
                }
            }
        }
        actual.forEach((key, row) -> findings.accept(new Finding(
                Kind.LOST, row.position(), table, key, "the source does not have the row: its delete is lost")));
    }
}
