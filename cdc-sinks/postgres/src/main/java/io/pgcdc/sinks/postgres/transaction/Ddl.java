package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;

/** Creates missing objects. If two sinks create the same object at the same moment, both succeed. */
public final class Ddl {

    /** SQLSTATE if two sessions create the object at once. IF NOT EXISTS does not prevent it. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String DUPLICATE_FUNCTION = "42723";

    /** SQLSTATE if another session has just created the table's row type. */
    private static final String DUPLICATE_OBJECT = "42710";

    private static final String DUPLICATE_TABLE = "42P07";
    private static final String DUPLICATE_SCHEMA = "42P06";

    private static final Set<String> RACES =
            Set.of(UNIQUE_VIOLATION, DUPLICATE_TABLE, DUPLICATE_SCHEMA, DUPLICATE_FUNCTION, DUPLICATE_OBJECT);

    private Ddl() {}

    public static void createSchema(Connection connection, String schema) throws SQLException {
        // IF NOT EXISTS requires the privilege to create even if the schema exists, so check first
        if (!isTrue(connection, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)", schema)) {
            tolerant(connection, "CREATE SCHEMA IF NOT EXISTS " + Quoted.identifier(schema));
        }
    }

    /**
     * Creates a table if it does not exist.
     *
     * @param sql creates the table and everything that belongs to it
     */
    public static void createTable(Connection connection, TableName table, String sql) throws SQLException {
        if (!exists(connection, table)) {
            tolerant(connection, sql);
        }
    }

    /**
     * Creates a function if it does not exist.
     *
     * @param signature name and types of arguments, in the form of regprocedure
     */
    public static void createFunction(Connection connection, String signature, String sql) throws SQLException {
        if (!isTrue(connection, "SELECT to_regprocedure(?) IS NOT NULL", signature)) {
            tolerant(connection, sql);
        }
    }

    /** Creates a type if it does not exist. */
    public static void createType(Connection connection, String schema, String name, String sql) throws SQLException {
        if (!isTrue(
                connection,
                "SELECT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                        + " WHERE n.nspname = ? AND t.typname = ?)",
                schema,
                name)) {
            tolerant(connection, sql);
        }
    }

    public static boolean exists(Connection connection, TableName table) throws SQLException {
        return isTrue(connection, "SELECT to_regclass(?) IS NOT NULL", table.sql());
    }

    public static boolean isTrue(Connection connection, String sql, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void tolerant(Connection connection, String sql) throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try {
            execute(connection, sql);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!RACES.contains(state)) {
                throw e;
            }
            if (before != null) {
                connection.rollback(before);
                forgetWhatIsMissing(connection, before);
            }
        }
    }

    /**
     * Makes the server's session read what other sessions created. Its caches may still say that the object does not exist. They are
     * brought up to date when a transaction starts, and when a statement locks a relation that the transaction has not locked yet
     * (PostgreSQL, src/backend/storage/lmgr/lmgr.c, LockRelationOid).
     */
    private static void forgetWhatIsMissing(Connection connection, Savepoint before) throws SQLException {
        execute(connection, "SELECT FROM pg_catalog.pg_largeobject_metadata LIMIT 0");
        connection.rollback(before); // unlocks the relation for the next time
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
