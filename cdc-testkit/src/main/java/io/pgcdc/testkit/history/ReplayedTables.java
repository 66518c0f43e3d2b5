package io.pgcdc.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows by table and record_id, kept by applying changes. */
final class ReplayedTables {

    private final Map<String, SortedMap<String, JsonNode>> rows = new HashMap<>();

    private final Map<String, List<String>> keyColumns;

    /** True once a row of a snapshot came, or is expected: a change may then concern a row that comes later. */
    private boolean readsRows;

    ReplayedTables(Map<String, List<String>> keyColumns) {
        this.keyColumns = keyColumns;
    }

    Map<String, SortedMap<String, JsonNode>> rows() {
        return rows;
    }

    void rowsFollow() {
        readsRows = true;
    }

    void apply(JsonNode change) {
        String type = change.path("change_type").asText();
        if (type.equals("MESSAGE")) {
            return;
        }
        String name = change.path("schema_name").asText() + "."
                + change.path("table_name").asText();
        SortedMap<String, JsonNode> table = rows.computeIfAbsent(name, n -> new TreeMap<>());
        String id = change.path("record_id").asText();
        switch (type) {
            case "READ" -> {
                readsRows = true;
                table.put(id, change.path("new_data"));
            }
            case "INSERT" -> {
                if (table.put(id, change.path("new_data")) != null) {
                    throw new AssertionError("inserted twice: " + name + " " + id);
                }
            }
            case "UPDATE" -> update(change, name, table, id);
            case "DELETE" -> {
                if (table.remove(id) == null && !readsRows) {
                    throw new AssertionError("deleted, but not there: " + name + " " + id);
                }
            }
            case "TRUNCATE" -> table.clear();
            default -> throw new AssertionError("change_type " + type);
        }
    }

    private void update(JsonNode change, String name, SortedMap<String, JsonNode> table, String id) {
        String before = idBefore(change, name, id);
        JsonNode old = table.remove(before);
        if (old == null && !readsRows) {
            throw new AssertionError("updated, but not there: " + name + " " + before);
        }
        ObjectNode row = change.path("new_data").deepCopy();
        for (JsonNode column : change.path("unchanged_toast")) {
            // a row that was not read yet lacks the value until it is
            row.set(column.asText(), old == null ? MissingNode.getInstance() : old.path(column.asText()));
        }
        table.put(id, row);
    }

    /** The record_id that the row had: that of the old key, where the old data holds one. */
    private String idBefore(JsonNode change, String name, String id) {
        JsonNode old = change.path("old_data");
        List<String> key = keyColumns.getOrDefault(name, List.of());
        if (key.isEmpty() || !key.stream().allMatch(old::has)) {
            return id;
        }
        if (key.size() == 1) {
            return old.path(key.get(0)).asText();
        }
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        key.forEach(column -> values.add(old.path(column)));
        return values.toString();
    }
}
