package io.pgcdc.sinks.debezium.option;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Translates Debezium's lists of tables and columns, and what it does with a missing publication. */
final class DebeziumTables {

    private static final String INCLUDED = "table.include.list";
    private static final String INCLUDED_SCHEMAS = "schema.include.list";
    private static final String AUTOCREATE = "publication.autocreate.mode";
    private static final String KEY_COLUMNS = "message.key.columns";
    private static final String PATTERN_ADVICE =
            "only names and schema.* are read here, no other regular expressions; write ";
    private static final String TABLES_ADVICE = "tables=schema.table for each";

    private final Map<String, String> properties;
    private final MeantSettings ours;

    private interface NameReader {
        /** Returns the names that an element stands for; null if there is no end of them. */
        @Nullable
        List<String> read(String element);
    }

    private DebeziumTables(Map<String, String> properties, MeantSettings ours) {
        this.properties = properties;
        this.ours = ours;
    }

    static void translate(Map<String, String> properties, MeantSettings ours) {
        DebeziumTables tables = new DebeziumTables(properties, ours);
        List<String> included = tables.included();
        tables.excluded();
        tables.columns();
        tables.masks();
        tables.keys();
        tables.publication(included);
    }

    /** Returns the tables; null if there is no list, or it has a problem. */
    private @Nullable List<String> included() {
        List<String> schemas = list(INCLUDED_SCHEMAS, "tables", NamePattern::schemas, "tables=schema.* for each");
        List<String> tables = list(INCLUDED, "tables", NamePattern::tables, TABLES_ADVICE);
        if (tables == null || properties.get(INCLUDED_SCHEMAS) == null) {
            if (tables != null) {
                ours.put("tables", INCLUDED, tables);
            } else if (schemas != null && properties.get(INCLUDED) == null) {
                ours.put("tables", INCLUDED_SCHEMAS, schemas);
                return schemas;
            }
            return tables;
        }
        if (schemas != null) { // a table must be in both
            for (String table : tables) {
                if (!schemas.contains(table.substring(0, table.indexOf('.')) + ".*")) {
                    ours.refuse(
                            "tables",
                            INCLUDED_SCHEMAS,
                            properties.getOrDefault(INCLUDED_SCHEMAS, ""),
                            "it leaves out " + table + ", which is in " + INCLUDED + "; remove one of the two");
                    return null;
                }
            }
            ours.put("tables", INCLUDED, tables);
        }
        return tables;
    }

    private void excluded() {
        List<String> schemas =
                list("schema.exclude.list", "exclude_tables", NamePattern::schemas, "exclude_tables=schema.* for each");
        List<String> tables = list(
                "table.exclude.list", "exclude_tables", NamePattern::tables, "exclude_tables=schema.table for each");
        Set<String> all = new LinkedHashSet<>(schemas == null ? List.of() : schemas);
        all.addAll(tables == null ? List.of() : tables);
        if (!all.isEmpty()) {
            ours.put("exclude_tables", tables == null ? "schema.exclude.list" : "table.exclude.list", List.copyOf(all));
        }
    }

    private void columns() {
        String name = "column.exclude.list";
        List<String> columns =
                list(name, "exclude_columns", NamePattern::columns, "exclude_columns=schema.table.column for each");
        if (columns != null) {
            ours.put("exclude_columns", name, columns);
        }
    }

    private void masks() {
        List<String> masks = new ArrayList<>();
        String last = "";
        for (String name : properties.keySet()) {
            Matcher truncated = DebeziumNames.TRUNCATED.matcher(name);
            if (truncated.matches()) {
                List<String> columns =
                        list(name, "mask", NamePattern::columns, "mask=schema.table.column=truncate:N for each");
                for (String column : columns == null ? List.<String>of() : columns) {
                    masks.add(column + "=truncate:" + truncated.group(1));
                }
                last = name;
            }
        }
        if (!masks.isEmpty()) {
            ours.put("mask", last, masks);
        }
    }

    /** {@code schema.table:column,column;schema.table:column}. */
    private void keys() {
        String text = properties.getOrDefault(KEY_COLUMNS, "");
        if (text.isBlank()) {
            return;
        }
        List<String> columns = new ArrayList<>();
        for (String element : text.split(";", -1)) {
            int colon = element.indexOf(':');
            if (element.isBlank()) {
                continue;
            }
            List<String> tables = colon < 0
                    ? null
                    : NamePattern.tables(element.substring(0, colon).strip());
            if (tables == null || tables.stream().anyMatch(table -> table.endsWith(".*"))) {
                ours.refuse("key_columns", KEY_COLUMNS, element, PATTERN_ADVICE + "schema.table:column,column;…");
                return;
            }
            for (String table : tables) {
                for (String column : element.substring(colon + 1).split(",", -1)) {
                    columns.add(table + "." + column.strip());
                }
            }
        }
        ours.put("key_columns", KEY_COLUMNS, columns);
    }

    private void publication(@Nullable List<String> included) {
        String mode = properties.get(AUTOCREATE);
        if (mode == null) {
            return;
        }
        switch (mode.strip()) {
            case "disabled" -> ours.put("source.create_publication", AUTOCREATE, "false");
            case "all_tables" -> ours.put("source.create_publication", AUTOCREATE, "true");
            case "filtered" -> {
                ours.put("source.create_publication", AUTOCREATE, "true");
                if (included == null || included.stream().anyMatch(table -> table.endsWith(".*"))) {
                    ours.refuse(
                            "source.publication_tables",
                            AUTOCREATE,
                            mode,
                            "that needs each table's name in " + INCLUDED
                                    + "; or write disabled, and create the publication" + " yourself");
                } else {
                    ours.put("source.publication_tables", AUTOCREATE, included);
                }
            }
            default ->
                ours.refuse(
                        "source.create_publication",
                        AUTOCREATE,
                        mode,
                        "write all_tables, filtered or disabled; create other publications yourself");
        }
    }

    /** Returns null if there is no list, or it has a problem, which is then added. */
    private @Nullable List<String> list(String name, String ourName, NameReader reader, String advice) {
        String text = properties.getOrDefault(name, "");
        if (text.isBlank()) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>();
        for (String element : NamePattern.elements(text)) {
            List<String> names = reader.read(element);
            if (names == null) {
                ours.refuse(ourName, name, element, PATTERN_ADVICE + advice);
                return null;
            }
            all.addAll(names);
        }
        return List.copyOf(all);
    }
}
