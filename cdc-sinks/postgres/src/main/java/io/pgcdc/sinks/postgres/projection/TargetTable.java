package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table of the target, as the target's catalog describes it. */
record TargetTable(TableName name, Map<String, TargetColumn> columns, List<UniqueKey> uniqueKeys) {

    /** The {@link TargetColumn#type} of every enum. */
    static final String ENUM = "enum";

    /**
     * One column.
     *
     * @param cast the type without a length; for a domain, its base type. A cast to it never cuts a value. The server checks the
     *     column's length when it stores the value
     * @param fullType the type as it is declared
     * @param type pg_type.typname of a built-in type, or of a domain's base; {@link #ENUM}; else empty
     * @param typmod the type's length or precision, or that of the domain; -1 for none
     * @param deterministic true if only equal bytes are equal in its collation
     * @param generated true if the server computes its value: it cannot be written
     * @param alwaysIdentity true if it is GENERATED ALWAYS AS IDENTITY: it can be inserted but not updated
     */
    record TargetColumn(
            String cast,
            String fullType,
            String type,
            int typmod,
            boolean deterministic,
            boolean notNull,
            boolean generated,
            boolean alwaysIdentity) {}

    /**
     * A unique index that ON CONFLICT can use.
     *
     * @param deterministic true if the index's own collations are deterministic; they may differ from those of the columns
     */
    record UniqueKey(Set<String> columns, boolean primary, boolean deterministic) {

        private UniqueKey with(UniqueKey other) {
            Set<String> all = new HashSet<>(columns);
            all.addAll(other.columns);
            return new UniqueKey(all, primary, deterministic && other.deterministic);
        }
    }

    private static final String COLUMNS = """
            SELECT a.attname, format_type(b.oid, -1) AS cast, format_type(a.atttypid, a.atttypmod) AS full_type,
                CASE WHEN b.typtype = 'e' THEN 'enum' WHEN b.oid < 16384 THEN b.typname::text ELSE '' END AS type,
                b.typmod, coalesce(c.collisdeterministic, true) AS deterministic, a.attnotnull,
                a.attgenerated <> '' AS generated, a.attidentity = 'a' AS always
            FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
            CROSS JOIN LATERAL (WITH RECURSIVE d AS (
                    SELECT oid, typtype, typname, typbasetype, typtypmod, a.atttypmod AS typmod
                    FROM pg_type WHERE oid = a.atttypid
                    UNION ALL SELECT t.oid, t.typtype, t.typname, t.typbasetype, t.typtypmod,
                        CASE WHEN d.typmod = -1 THEN d.typtypmod ELSE d.typmod END
                    FROM d JOIN pg_type t ON d.typtype = 'd' AND t.oid = d.typbasetype)
                SELECT oid, typtype, typname, typmod FROM d WHERE typtype <> 'd') b
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

    private static final String UNIQUE_KEYS = """
            SELECT i.indexrelid, i.indisprimary, a.attname, coalesce(c.collisdeterministic, true) AS deterministic
            FROM pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1], i.indcollation::oid[]) k (attnum, collid)
            JOIN pg_attribute a ON a.attnum = k.attnum LEFT JOIN pg_collation c ON c.oid = k.collid
            WHERE i.indrelid = to_regclass(?) AND a.attrelid = i.indrelid
                AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            ORDER BY i.indisprimary DESC, i.indexrelid""";

    /** Returns the table, or null if it does not exist. */
    static @Nullable TargetTable read(Connection connection, TableName name) throws SQLException {
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, name.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString("attname"),
                            new TargetColumn(
                                    rows.getString("cast"),
                                    rows.getString("full_type"),
                                    rows.getString("type"),
                                    rows.getInt("typmod"),
                                    rows.getBoolean("deterministic"),
                                    rows.getBoolean("attnotnull"),
                                    rows.getBoolean("generated"),
                                    rows.getBoolean("always")));
                }
            }
        }
        return columns.isEmpty() ? null : new TargetTable(name, columns, uniqueKeys(connection, name));
    }

    private static List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        Map<Long, UniqueKey> keys = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(UNIQUE_KEYS)) {
            statement.setString(1, name.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    UniqueKey one = new UniqueKey(
                            Set.of(rows.getString("attname")),
                            rows.getBoolean("indisprimary"),
                            rows.getBoolean("deterministic"));
                    keys.merge(rows.getLong("indexrelid"), one, UniqueKey::with);
                }
            }
        }
        return List.copyOf(keys.values());
    }

    /**
     * Returns a column by name.
     *
     * @throws SinkException TARGET_MISFIT if the table lacks the column
     */
    TargetColumn column(String column) {
        TargetColumn found = columns.get(column);
        if (found == null) {
            throw misfit("has no column " + column, "Add it there, or remove it with exclude_columns or columns.");
        }
        return found;
    }

    boolean isUnique(Collection<String> key) {
        return uniqueKeys.stream().anyMatch(unique -> unique.columns().equals(Set.copyOf(key)));
    }

    void requireUnique(List<String> key) {
        if (!isUnique(key)) {
            throw misfit(
                    "has no primary key and no unique constraint on just " + String.join(", ", key)
                            + ", which identify its rows",
                    "ALTER TABLE " + name.sql() + " ADD " + (hasPrimaryKey() ? "UNIQUE (" : "PRIMARY KEY (")
                            + Quoted.identifiers(key) + "), or name another key.");
        }
    }

    boolean hasPrimaryKey() {
        return uniqueKeys.stream().anyMatch(UniqueKey::primary);
    }

    /** Returns a unique key whose columns are all in {@code among} and NOT NULL, or null. Prefers the primary key. */
    @Nullable
    UniqueKey ownKey(Set<String> among) {
        return uniqueKeys.stream()
                .filter(unique -> among.containsAll(unique.columns()))
                .filter(unique ->
                        unique.columns().stream().allMatch(c -> column(c).notNull()))
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns true if two values are equal only if their bytes are equal. Checks the collations of the column and of each unique index
     * on exactly the columns of {@code key}.
     */
    boolean isDeterministic(String column, Collection<String> key) {
        return column(column).deterministic()
                && uniqueKeys.stream()
                        .filter(unique -> unique.columns().equals(Set.copyOf(key)))
                        .allMatch(UniqueKey::deterministic);
    }

    /** Returns the SQL that creates the schema and the table, without keys. */
    String createSql() {
        return "CREATE SCHEMA IF NOT EXISTS " + Quoted.identifier(name.schema()) + "; CREATE TABLE IF NOT EXISTS "
                + name.sql()
                + columns.entrySet().stream()
                        .map(column -> Quoted.identifier(column.getKey()) + " "
                                + column.getValue().fullType())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    SinkException misfit(String what, String remedy) {
        return new SinkException(ErrorCode.TARGET_MISFIT, "table " + name + " of the target " + what + ". " + remedy);
    }
}
