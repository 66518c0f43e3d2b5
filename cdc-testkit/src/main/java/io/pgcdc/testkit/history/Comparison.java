package io.pgcdc.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgcdc.history.History;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares a history of changes with the tables that it came from. */
public final class Comparison {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Comparison() {}

    /**
     * Checks that what came out adds up to what the tables hold.
     *
     * @param keys tables with schemas, and their primary keys in key order
     * @throws AssertionError a row is missing, superfluous or different
     */
    public static void compare(Connection connection, Map<String, List<String>> keys, History history)
            throws SQLException, JsonProcessingException {
        for (Map.Entry<String, List<String>> entry : keys.entrySet()) {
            String table = entry.getKey();
            SortedMap<String, JsonNode> expected = new TreeMap<>();
            String key = String.join(", ", entry.getValue());
            String id = key.contains(",") ? "jsonb_build_array(" + key + ")::text" : key + "::text";
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone TO 'UTC'");
                try (ResultSet rows = statement.executeQuery("SELECT " + id + ", to_jsonb(t) FROM " + table + " t")) {
                    while (rows.next()) {
                        String recordId = rows.getString(1);
                        expected.put(
                                key.contains(",") ? JSON.readTree(recordId).toString() : recordId,
                                JSON.readTree(rows.getString(2)));
                    }
                }
            }
            Map<String, JsonNode> actual = history.tables().getOrDefault(table, new TreeMap<>());
            assertEquals(expected.keySet(), actual.keySet(), table);
            expected.forEach((record, row) -> assertTrue(
                    row.equals(Comparison::compareNodes, actual.get(record)),
                    () -> table + " " + record + ": expected " + row + ", came " + actual.get(record)));
        }
    }

    /** Numbers are equal as jsonb whatever their scale. */
    private static int compareNodes(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;
    }
}
