package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.history.History;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares what sinks have in the target with the tables of the source. */
final class SnapshotResult {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How many differences an error shows. */
    private static final int SHOWN = 5;

    private SnapshotResult() {}

    /** Asserts that the tables of a schema of the target have the rows of the source's tables of the same names. */
    static void assertFollows(SnapshotBench bench, String schema, Map<String, List<String>> keys) throws SQLException {
        for (String table : keys.keySet()) {
            String copy = schema + table.substring(table.indexOf('.'));
            String key = String.join(", ", keys.get(table));
            Set<String> expected = rows(bench.source(), table, key);
            Set<String> actual = rows(bench.target(), copy, key);
            assertEquals(List.of(), difference(expected, actual), () -> "missing in " + copy);
            assertEquals(List.of(), difference(actual, expected), () -> "only in " + copy);
        }
    }

    private static List<String> difference(Set<String> from, Set<String> without) {
        return from.stream().filter(row -> !without.contains(row)).limit(SHOWN).toList();
    }

    private static Set<String> rows(Connection connection, String table, String key) throws SQLException {
        Set<String> rows = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT concat_ws(' ', " + key + ", md5(t::text)) FROM " + table + " t")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    /** Applies the rows of change_logs, in their order. Asserts that each position is there once, and that positions increase. */
    static History replayed(SnapshotBench bench, String log, Map<String, List<String>> keys) throws Exception {
        History history = new History(keys);
        history.rowsFollow();
        try (Statement statement = bench.target().createStatement();
                ResultSet row = statement.executeQuery("SELECT commit_lsn, ordinal, table_name, record_id, change_type,"
                        + " old_data, new_data FROM " + log + " ORDER BY change_id")) {
            while (row.next()) {
                history.add(JSON.writeValueAsString(record(row)));
            }
        }
        return history;
    }

    /** Returns the native record of a row. */
    private static JsonNode record(ResultSet row) throws Exception {
        ObjectNode change = JSON.createObjectNode();
        change.put("position", new Position(0, Lsn.parse(row.getString(1)), row.getLong(2)).toString());
        String table = row.getString(3);
        change.put("schema_name", table.substring(0, table.indexOf('.')));
        change.put("table_name", table.substring(table.indexOf('.') + 1));
        change.put("record_id", row.getString(4));
        change.put("change_type", row.getString(5));
        String old = row.getString(6);
        change.set("old_data", old == null ? null : JSON.readTree(old));
        String fresh = row.getString(7);
        if (fresh != null) {
            JsonNode data = JSON.readTree(fresh);
            change.set("new_data", data);
            ArrayNode unchanged = change.putArray("unchanged_toast");
            if (table.equals("mix.documents") && !data.has("body")) {
                unchanged.add("body");
            }
        }
        return change;
    }

    /** Asserts that the first rows of a table, which nobody changed, came once each, as rows of a snapshot. */
    static void assertReadOnce(SnapshotBench bench, String log, String table, int rows) throws SQLException {
        assertEquals(
                rows + " " + rows + " " + rows,
                line(
                        bench,
                        "SELECT count(*), count(DISTINCT record_id), count(*) FILTER (WHERE change_type = 'READ') FROM "
                                + log + " WHERE table_name = '" + table + "' AND record_id::int <= " + rows));
    }

    /** Returns the first row of a query on the target, its columns separated by spaces. */
    static String line(SnapshotBench bench, String sql) throws SQLException {
        try (Statement statement = bench.target().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            StringBuilder line = new StringBuilder(row.getString(1));
            for (int i = 2; i <= row.getMetaData().getColumnCount(); i++) {
                line.append(' ').append(row.getString(i));
            }
            return line.toString();
        }
    }
}
