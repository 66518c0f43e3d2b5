package io.pgcdc.sinks.postgres.projection;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.sinks.postgres.projection.KnownLayout.KnownColumn;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.OwnTables;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Stores the layouts of a sink's source tables in a table of the target, in the transaction of the rows. For one thread. */
final class LayoutTable {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final TableName table;

    /** @param positionTable the table of positions; the table of layouts is in the same schema */
    LayoutTable(TableName positionTable) {
        table = OwnTables.layouts(positionTable);
    }

    private String createSql() {
        return "CREATE TABLE IF NOT EXISTS " + table.sql()
                + " (sink_id integer NOT NULL, relation bigint NOT NULL, accepted text, source_schema text NOT NULL DEFAULT '',"
                + " source_table text NOT NULL DEFAULT '', target_schema text NOT NULL DEFAULT '',"
                + " target_table text NOT NULL DEFAULT '', rewrites integer NOT NULL DEFAULT 0,"
                + " last_attnum integer NOT NULL DEFAULT 0, partitioned boolean NOT NULL DEFAULT false,"
                + " root bigint NOT NULL DEFAULT 0, names text[] NOT NULL DEFAULT '{}',"
                + " attnums bigint[] NOT NULL DEFAULT '{}', stamps bigint[] NOT NULL DEFAULT '{}',"
                + " types bigint[] NOT NULL DEFAULT '{}', typmods bigint[] NOT NULL DEFAULT '{}',"
                + " defaults boolean[] NOT NULL DEFAULT '{}', PRIMARY KEY (sink_id, relation))";
    }

    /**
     * Creates the table if it does not exist. Does nothing if the role lacks the privilege, because a sink from an older version of
     * pgcdc works without the table.
     */
    void create(Connection connection) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Ddl.createTable(connection, table, createSql());
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
        }
    }

    /** Returns true if the table exists and the role has the privileges that this class needs. */
    boolean isUsable(Connection connection) throws SQLException {
        return Ddl.isTrue(
                connection,
                "SELECT coalesce(bool_and(has_table_privilege(t, p)), false)"
                        + " FROM to_regclass(?) t, unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) p",
                table.sql());
    }

    /** Returns the SQL with which an administrator makes the table usable. */
    String grantedSql(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT quote_ident(current_user)");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return createSql() + "; GRANT SELECT, INSERT, UPDATE, DELETE ON " + table.sql() + " TO " + row.getString(1)
                    + ";";
        }
    }

    /**
     * A sink's stored data, by pg_class.oid of the source table.
     *
     * @param layouts the layouts that the rows in the target have
     * @param accepted fingerprints of the layouts for which a person prepared the target ({@link KnownLayout#fingerprint})
     */
    record Stored(Map<Integer, KnownLayout> layouts, Map<Integer, String> accepted) {}

    Stored read(Connection connection, int sinkId) throws SQLException {
        Map<Integer, KnownLayout> layouts = new HashMap<>();
        Map<Integer, String> accepted = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM " + table.sql() + " WHERE sink_id = ?")) {
            statement.setInt(1, sinkId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    KnownLayout layout = layout(row);
                    if (!layout.columns().isEmpty()) {
                        layouts.put(layout.relation(), layout);
                    }
                    String fit = row.getString("accepted");
                    if (fit != null) {
                        accepted.put(layout.relation(), fit);
                    }
                }
            }
        }
        return new Stored(layouts, accepted);
    }

    private static KnownLayout layout(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("names").getArray();
        Long[] attnums = (Long[]) row.getArray("attnums").getArray();
        Long[] stamps = (Long[]) row.getArray("stamps").getArray();
        Long[] types = (Long[]) row.getArray("types").getArray();
        Long[] typmods = (Long[]) row.getArray("typmods").getArray();
        Boolean[] defaults = (Boolean[]) row.getArray("defaults").getArray();
        List<KnownColumn> columns = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            columns.add(new KnownColumn(
                    names[i],
                    attnums[i].intValue(),
                    stamps[i].intValue(),
                    types[i].intValue(),
                    typmods[i].intValue(),
                    false,
                    defaults[i] ? "" : null));
        }
        return new KnownLayout(
                (int) row.getLong("relation"),
                new TableName(row.getString("source_schema"), row.getString("source_table")),
                new TableName(row.getString("target_schema"), row.getString("target_table")),
                row.getInt("rewrites"),
                row.getInt("last_attnum"),
                row.getBoolean("partitioned"),
                (int) row.getLong("root"),
                columns);
    }

    void write(Connection connection, int sinkId, KnownLayout layout) throws SQLException {
        String sql = "INSERT INTO " + table.sql()
                + " (sink_id, relation, source_schema, source_table, target_schema, target_table, rewrites, last_attnum,"
                + " partitioned, root, names, attnums, stamps, types, typmods, defaults) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?, ?, ?, ?, ?) ON CONFLICT (sink_id, relation) DO UPDATE SET source_schema = excluded.source_schema,"
                + " source_table = excluded.source_table, target_schema = excluded.target_schema, target_table ="
                + " excluded.target_table, rewrites = excluded.rewrites, last_attnum = excluded.last_attnum, partitioned ="
                + " excluded.partitioned, root = excluded.root, names = excluded.names, attnums = excluded.attnums, stamps ="
                + " excluded.stamps, types = excluded.types, typmods = excluded.typmods, defaults = excluded.defaults";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, sinkId);
            statement.setLong(2, Integer.toUnsignedLong(layout.relation()));
            statement.setString(3, layout.source().schema());
            statement.setString(4, layout.source().name());
            statement.setString(5, layout.target().schema());
            statement.setString(6, layout.target().name());
            statement.setInt(7, layout.rewrites());
            statement.setInt(8, layout.lastAttnum());
            statement.setBoolean(9, layout.partitioned());
            statement.setLong(10, Integer.toUnsignedLong(layout.root()));
            statement.setArray(11, array(connection, "text", layout, KnownColumn::name));
            statement.setArray(12, array(connection, "bigint", layout, column -> (long) column.attnum()));
            statement.setArray(13, array(connection, "bigint", layout, column -> (long) column.stamp()));
            statement.setArray(
                    14, array(connection, "bigint", layout, column -> Integer.toUnsignedLong(column.type())));
            statement.setArray(15, array(connection, "bigint", layout, column -> (long) column.typmod()));
            statement.setArray(16, array(connection, "boolean", layout, column -> column.missing() != null));
            statement.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, KnownLayout layout, Function<KnownColumn, Object> value)
            throws SQLException {
        return connection.createArrayOf(
                type, layout.columns().stream().map(value).toArray());
    }

    void delete(Connection connection, int sinkId, int relation) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + table.sql() + " WHERE sink_id = ? AND relation = ?")) {
            statement.setInt(1, sinkId);
            statement.setLong(2, Integer.toUnsignedLong(relation));
            statement.executeUpdate();
        }
    }

    /** Returns the UPDATE that stores the layout's target table. A person runs it after renaming that table. */
    String movedSql(int sinkId, KnownLayout layout) {
        return "UPDATE " + table.sql() + " SET target_table = "
                + Quoted.literal(layout.target().name()) + " WHERE sink_id = " + sinkId + " AND relation = "
                + Integer.toUnsignedString(layout.relation());
    }

    /** Returns the INSERT with which a person confirms that the target is prepared for a layout. */
    String acceptSql(int sinkId, KnownLayout layout) {
        return "INSERT INTO " + table.sql() + " (sink_id, relation, accepted) VALUES (" + sinkId + ", "
                + Integer.toUnsignedString(layout.relation()) + ", " + Quoted.literal(layout.fingerprint())
                + ") ON CONFLICT (sink_id, relation) DO UPDATE SET accepted = excluded.accepted;";
    }
}
