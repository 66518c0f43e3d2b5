package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.config.TableName;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table of the target, as its catalog describes it. */
record TargetTable(TableName name, Map<String, Col> columns, List<Set<String>> uniqueKeys) {

    /**
     * One column.
     *
     * @param cast the type without a length, a domain's base, so that a cast cuts nothing off: the column's own length is checked when it is
     *     stored
     * @param generated its value is computed
     * @param alwaysIdentity GENERATED ALWAYS AS IDENTITY: can be inserted, and not updated
     */
    record Col(String cast, boolean generated, boolean alwaysIdentity) {}

    /** Null when there is no such table. */
    static @Nullable TargetTable read(Connection connection, TableName name) throws SQLException {
        String sql = """
                SELECT attname, format_type((WITH RECURSIVE d AS (
                        SELECT oid, typtype, typbasetype FROM pg_type WHERE oid = atttypid
                        UNION ALL SELECT t.oid, t.typtype, t.typbasetype FROM d JOIN pg_type t ON t.oid = d.typbasetype)
                    SELECT oid FROM d WHERE typtype <> 'd'), -1), attgenerated <> '', attidentity = 'a'
                FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum""";
        Map<String, Col> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.put(rows.getString(1), new Col(rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
                }
            }
        }
        return columns.isEmpty() ? null : new TargetTable(name, columns, uniqueKeys(connection, name));
    }

    /** Of the constraints and indexes that ON CONFLICT can go by. */
    private static List<Set<String>> uniqueKeys(Connection connection, TableName name) throws SQLException {
        String sql = """
                SELECT i.indexrelid, a.attname FROM pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1]) k
                JOIN pg_attribute a ON a.attnum = k WHERE i.indrelid = to_regclass(?) AND a.attrelid = i.indrelid
                AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL""";
        Map<Long, Set<String>> keys = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.computeIfAbsent(rows.getLong(1), index -> new HashSet<>())
                            .add(rows.getString(2));
                }
            }
        }
        return List.copyOf(keys.values());
    }

    /** @throws SinkException TARGET_MISFIT when it has no such column */
    Col column(String column) {
        Col found = columns.get(column);
        if (found == null) {
            throw misfit("has no column " + column, "Add it there, or leave it out: exclude_columns, or columns.");
        }
        return found;
    }

    void requireUnique(List<String> key) {
        if (!uniqueKeys.contains(Set.copyOf(key))) {
            throw misfit(
                    "has no primary key and no unique constraint on just " + String.join(", ", key)
                            + ", which its rows are found by",
                    "Add one, or name another key.");
        }
    }

    SinkException misfit(String what, String remedy) {
        return new SinkException(ErrorCode.TARGET_MISFIT, "table " + name + " of the target " + what + ". " + remedy);
    }
}
