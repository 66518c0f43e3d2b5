package io.pgcdc.catalog;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the session's role may read of tables, and a look at some values. */
public final class TableAccess {

    private static final int SAMPLE_ROWS = 50;

    /** Longer values are no addresses and numbers. */
    private static final int SAMPLE_CHARACTERS = 64;

    private static final int SAMPLE_LIMIT_MS = 500;

    /** SQLSTATEs: no privilege, cancelled after the limit, and a table that was dropped meanwhile. */
    private static final Set<String> NO_SAMPLE = Set.of("42501", "57014", "42P01", "42703");

    private static final String FORBIDDEN = """
            SELECT n.nspname, c.relname,
                NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS schema,
                NOT pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS rows,
                pg_catalog.row_security_active(c.oid) AS security
            FROM unnest(CAST(? AS name[]), CAST(? AS name[])) AS a (nspname, relname)
            JOIN pg_catalog.pg_namespace n ON n.nspname = a.nspname
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = a.relname
            ORDER BY 1, 2
            """;

    /** Parameters: whether all tables; schemas, names. For all tables a superuser is needed; otherwise CREATE in the database and the tables' owner. */
    private static final String MAY_PUBLISH = """
            SELECT r.rolsuper OR (NOT CAST(? AS boolean)
                AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
                AND NOT EXISTS (
                    SELECT FROM unnest(CAST(? AS name[]), CAST(? AS name[])) AS a (nspname, relname)
                    JOIN pg_catalog.pg_namespace n ON n.nspname = a.nspname
                    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = a.relname
                    WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')))
            FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
            """;

    private static final String TEXTS = """
            SELECT a.attname, t.typcategory = 'S' AS text
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = ? AND c.relname = ?
            ORDER BY a.attnum
            """;

    private TableAccess() {}

    /**
     * What keeps the role from reading a table's rows.
     *
     * @param schema true if it lacks USAGE on the schema
     * @param rows true if it lacks SELECT
     * @param security true if row-level security would hide rows from it
     */
    public record Forbidden(TableName table, boolean schema, boolean rows, boolean security) {

        boolean isReadable() {
            return !schema && !rows && !security;
        }
    }

    /** @param text true if its values are texts */
    public record NamedColumn(String name, boolean text) {}

    /** Returns the role whose privileges count in the session. */
    public static String role(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_user")) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * Returns whether the role may create a publication of the tables.
     *
     * @param tables empty for all of the database
     */
    public static boolean mayPublish(Connection connection, List<TableName> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAY_PUBLISH)) {
            statement.setBoolean(1, tables.isEmpty());
            setTables(connection, statement, 2, tables);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void setTables(
            Connection connection, PreparedStatement statement, int parameter, List<TableName> tables)
            throws SQLException {
        statement.setArray(
                parameter,
                connection.createArrayOf(
                        "name", tables.stream().map(TableName::schema).toArray()));
        statement.setArray(
                parameter + 1,
                connection.createArrayOf(
                        "name", tables.stream().map(TableName::name).toArray()));
    }

    /** Returns those of the tables whose rows the role may not read. */
    public static List<Forbidden> forbidden(Connection connection, List<TableName> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORBIDDEN)) {
            setTables(connection, statement, 1, tables);
            List<Forbidden> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Forbidden table = new Forbidden(
                            new TableName(row.getString("nspname"), row.getString("relname")),
                            row.getBoolean("schema"),
                            row.getBoolean("rows"),
                            row.getBoolean("security"));
                    if (!table.isReadable()) {
                        found.add(table);
                    }
                }
            }
            return found;
        }
    }

    /** Returns the columns of a table, in its order. */
    public static List<NamedColumn> columns(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TEXTS)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            List<NamedColumn> columns = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(new NamedColumn(row.getString(1), row.getBoolean(2)));
                }
            }
            return columns;
        }
    }

    /**
     * Returns the first characters of some values of each column, without nulls. Gives up after half a second: the table may be locked.
     *
     * @param columns of texts; at least one
     * @return as many lists as columns; empty lists if the role may not read them, or the server did not answer in time
     */
    public static List<List<String>> sample(Connection connection, TableName table, List<String> columns)
            throws SQLException {
        List<List<String>> values = new ArrayList<>();
        columns.forEach(column -> values.add(new ArrayList<>()));
        String sql = columns.stream()
                .map(column ->
                        "pg_catalog.left(CAST(" + Quoted.identifier(column) + " AS text), " + SAMPLE_CHARACTERS + ")")
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + table.sql() + " LIMIT " + SAMPLE_ROWS));
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = " + SAMPLE_LIMIT_MS);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    for (int i = 0; i < columns.size(); i++) {
                        String value = row.getString(i + 1);
                        if (value != null && !value.isBlank()) {
                            values.get(i).add(value);
                        }
                    }
                }
            }
        } catch (SQLException e) {
            if (!NO_SAMPLE.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            values.forEach(List::clear);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return values;
    }
}
