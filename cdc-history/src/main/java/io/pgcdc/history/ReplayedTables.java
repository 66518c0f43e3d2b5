package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.history.Finding.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows by table and key, kept by applying changes. */
final class ReplayedTables {

    private final Map<String, SortedMap<String, Row>> rows = new HashMap<>();

    private final Map<String, List<String>> keyColumns;
    private final Values values;
    private final Consumer<Finding> findings;

    /** True once a row of a snapshot came, or is expected: a change may then concern a row that comes later. */
    private boolean readsRows;

    /** @param position of the last change of the row */
    record Row(JsonNode data, String position) {}

    /** @param keyColumns by table, in key order; kept, not copied */
    ReplayedTables(Map<String, List<String>> keyColumns, Values values, Consumer<Finding> findings) {
        this.keyColumns = keyColumns;
        this.values = values;
        this.findings = findings;
    }

    Map<String, SortedMap<String, Row>> rows() {
        return rows;
    }

    void rowsFollow() {
        readsRows = true;
    }

    /** Returns the name of the changed row; empty if it has none. */
    String key(Change change) {
        JsonNode row = change.after() == null ? change.before() : change.after();
        String own = change.key();
        return own != null ? own : row == null ? "" : key(change.table(), row);
    }

    /** Returns the values of the key's columns: as text, or as an array if there are several. Without a key: the whole row. */
    String key(String table, JsonNode row) {
        List<String> columns = keyColumns.getOrDefault(table, List.of());
        return columns.isEmpty() ? row.toString() : name(columns, row);
    }

    private static String name(List<String> columns, JsonNode row) {
        if (columns.size() == 1) {
            return row.path(columns.get(0)).asText();
        }
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        columns.forEach(column -> parts.add(row.path(column)));
        return parts.toString();
    }

    void apply(Change change) {
        SortedMap<String, Row> table = rows.computeIfAbsent(change.table(), n -> new TreeMap<>());
        if (change.key() == null
                && keyColumns.getOrDefault(change.table(), List.of()).isEmpty()) {
            return; // its rows have no names
        }
        String key = key(change);
        switch (change.operation()) {
            case READ -> {
                readsRows = true;
                table.put(key, new Row(after(change), change.position()));
            }
            case INSERT -> {
                if (table.put(key, new Row(after(change), change.position())) != null) {
                    found(Kind.TWICE, change, key, "the row is inserted, but it is there already");
                }
            }
            case UPDATE -> update(change, table, key);
            case DELETE -> {
                if (table.remove(key) == null && !readsRows) {
                    found(Kind.LOST, change, key, "the row is deleted, but no change brought it");
                }
            }
            case TRUNCATE -> table.clear();
        }
    }

    private static JsonNode after(Change change) {
        JsonNode after = change.after();
        return after == null ? MissingNode.getInstance() : after;
    }

    private void update(Change change, SortedMap<String, Row> table, String key) {
        JsonNode old = change.before();
        String before = keyBefore(change.table(), old, key);
        Row row = table.remove(before);
        if (row == null && !readsRows) {
            found(Kind.LOST, change, before, "the row is updated, but no change brought it");
        } else if (row != null && old != null && !readsRows) {
            List<String> differing = values.differing(change.table(), old, row.data());
            if (!differing.isEmpty()) {
                found(
                        Kind.CONTENT,
                        change,
                        before,
                        "the row had another content before this change than the changes before made, in "
                                + String.join(", ", differing));
            }
        }
        JsonNode after = after(change);
        if (after instanceof ObjectNode object && !change.unchanged().isEmpty()) {
            ObjectNode filled = object.deepCopy();
            for (String column : change.unchanged()) {
                // a row that was not read yet lacks the value until it is
                filled.set(
                        column,
                        row == null ? MissingNode.getInstance() : row.data().path(column));
            }
            after = filled;
        }
        table.put(key, new Row(after, change.position()));
    }

    /** The name that the row had: that of the old key, where the old data holds one. */
    private String keyBefore(String table, @Nullable JsonNode old, String key) {
        List<String> columns = keyColumns.getOrDefault(table, List.of());
        return old == null || columns.isEmpty() || !columns.stream().allMatch(old::has) ? key : name(columns, old);
    }

    private void found(Kind kind, Change change, String key, String what) {
        findings.accept(new Finding(kind, change.position(), change.table(), key, what));
    }
}
