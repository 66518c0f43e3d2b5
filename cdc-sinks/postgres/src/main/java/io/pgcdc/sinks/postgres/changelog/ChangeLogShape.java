package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The structure of the target table, which pgcdc or a person created. Read once per connection. */
final class ChangeLogShape {

    /** The seven columns that every change fills, and the types that each may have. */
    private static final Map<String, Set<String>> REQUIRED = required();

    /** The number of {@link #columns} that always exist. They come first. */
    static final int REQUIRED_COLUMNS = 7;

    /** Columns of a change's place in the stream, and their types. The sink fills those that the table has. */
    private static final Map<String, String> PLACES = places();

    /** Columns that consumers of the rows use. */
    private static final Set<String> CONSUMERS = Set.of("change_id", "processed", "processed_at");

    private static final int VARCHAR_HEADER = 4;

    private final TableName table;
    private final Map<String, Col> columns = new LinkedHashMap<>();
    private final Set<String> changeTypes = new HashSet<>();
    private final Set<String> consumers = new HashSet<>();
    private boolean partitioned;
    private @Nullable String key;

    private record Col(String type, int limit, boolean notNull) {}

    private ChangeLogShape(TableName table) {
        this.table = table;
    }

    private static Map<String, Set<String>> required() {
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        Set<String> text = Set.of("text", "character varying");
        Set<String> json = Set.of("jsonb", "json");
        columns.put("table_name", text);
        columns.put("record_id", text);
        columns.put("change_type", text);
        columns.put("old_data", json);
        columns.put("new_data", json);
        columns.put("changed_fields", Set.of("text[]"));
        columns.put("changed_at", Set.of("timestamp with time zone"));
        return columns;
    }

    private static Map<String, String> places() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("source_id", "integer");
        columns.put("epoch", "integer");
        columns.put("commit_lsn", "pg_lsn");
        columns.put("ordinal", "bigint");
        columns.put("xid", "bigint");
        return columns;
    }

    /**
     * Reads the table's structure, and checks that the sink can write it.
     *
     * @throws SinkException TARGET_MISSING, TARGET_MISFIT
     */
    static ChangeLogShape read(Connection connection, TableName table, boolean mustBePartitioned) throws SQLException {
        ChangeLogShape shape = new ChangeLogShape(table);
        shape.readTable(connection);
        shape.readColumns(connection);
        shape.readChangeTypes(connection);
        if (mustBePartitioned && (!shape.partitioned || !"changed_at".equals(shape.key))) {
            throw shape.misfit(
                    shape.partitioned ? "is not partitioned by RANGE (changed_at) alone" : "is not partitioned",
                    "Remove partition and retain, or write create: true and the name of a new table.");
        }
        return shape;
    }

    private void readTable(Connection connection) throws SQLException {
        String sql = """
                SELECT c.relkind, p.partstrat,
                       (SELECT string_agg(a.attname, ',') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (p.partattrs))
                FROM pg_class c LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
                WHERE c.oid = to_regclass(?)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.sql());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SinkException(
                            ErrorCode.TARGET_MISSING,
                            "table " + table
                                    + " does not exist in the target. Check schema and table, or start with create: true.");
                }
                String kind = row.getString(1);
                partitioned = "p".equals(kind);
                key = "r".equals(row.getString(2)) ? row.getString(3) : null;
                if (!partitioned && !"r".equals(kind)) {
                    throw misfit("is not a table", "Choose another table.");
                }
            }
        }
    }

    private void readColumns(Connection connection) throws SQLException {
        String sql = """
                SELECT attname, format_type(atttypid, NULL), atttypmod, attnotnull, atthasdef OR attidentity <> '', attgenerated <> ''
                FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum""";
        Set<String> unfilled = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString(1);
                    String type = rows.getString(2);
                    boolean notNull = rows.getBoolean(4);
                    boolean generated = rows.getBoolean(6);
                    if (CONSUMERS.contains(name)) {
                        consumers.add(name);
                    }
                    if (!generated && (REQUIRED.containsKey(name) || type.equals(PLACES.get(name)))) {
                        int limit = rows.getInt(3);
                        boolean limited = type.equals("character varying") && limit > VARCHAR_HEADER;
                        columns.put(name, new Col(type, limited ? limit - VARCHAR_HEADER : Integer.MAX_VALUE, notNull));
                    } else if (notNull && !rows.getBoolean(5) && !generated) {
                        unfilled.add(name);
                    }
                }
            }
        }
        REQUIRED.forEach((name, types) -> {
            Col column = columns.get(name);
            if (column == null) {
                throw misfit("has no column " + name, "Add it, " + String.join(" or ", types) + ".");
            }
            if (!types.contains(column.type())) {
                throw misfit(
                        "has column " + name + " of type " + column.type(),
                        "Make it " + String.join(" or ", types) + ".");
            }
        });
        if (!unfilled.isEmpty()) {
            throw misfit(
                    "has " + String.join(", ", unfilled) + " NOT NULL without a default, and the sink does not fill it",
                    "Give it a default, or drop NOT NULL.");
        }
    }

    /** Finds the values of change_type that the table's check constraints allow. The server evaluates them. */
    private void readChangeTypes(Connection connection) throws SQLException {
        String kinds = Arrays.stream(RowKind.values())
                .map(kind -> "('" + kind + "'::text)")
                .collect(Collectors.joining(", "));
        StringBuilder sql =
                new StringBuilder("SELECT change_type FROM (VALUES " + kinds + ") v (change_type) WHERE true");
        String constraints = """
                SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
                WHERE conrelid = to_regclass(?) AND contype = 'c'
                AND conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'change_type')]""";
        try (PreparedStatement statement = connection.prepareStatement(constraints)) {
            statement.setString(1, table.sql());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    sql.append(" AND (").append(rows.getString(1)).append(") IS NOT FALSE");
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString());
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                changeTypes.add(rows.getString(1));
            }
        }
    }

    /** Returns the names of the columns that the sink fills, in their order in a row. */
    List<String> columns() {
        List<String> names = new ArrayList<>(REQUIRED.keySet());
        PLACES.keySet().stream().filter(columns::containsKey).forEach(names::add);
        return names;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    boolean allows(RowKind kind) {
        return changeTypes.contains(kind.name());
    }

    /** Returns the column's longest length in characters; Integer.MAX_VALUE if it has no limit. */
    int limit(String column) {
        return column(column).limit();
    }

    boolean isNotNull(String column) {
        return column(column).notNull();
    }

    /** Returns true if the column is jsonb, whose binary form starts with a version. */
    boolean isJsonb(String column) {
        return column(column).type().equals("jsonb");
    }

    /** Returns true if the table has the columns that consumers need to claim and mark rows. */
    boolean canBeProcessed() {
        return consumers.equals(CONSUMERS);
    }

    private Col column(String name) {
        Col column = columns.get(name);
        if (column == null) {
            throw new IllegalStateException("column " + name + " was not read");
        }
        return column;
    }

    private SinkException misfit(String what, String remedy) {
        return new SinkException(ErrorCode.TARGET_MISFIT, "table " + table + " of the target " + what + ". " + remedy);
    }
}
