package io.pgcdc.servers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a server, one a database, that stay open between statements. Tests ask often, and each new connection costs the
 * server a process. If the connection was lost, the statement runs again on a new one. Any thread.
 */
public final class KeptConnections implements AutoCloseable {

    /** Opens a connection to a database. */
    public interface Opener {
        Connection connect(String database) throws SQLException;
    }

    private interface Action<T> {
        T on(Statement statement) throws SQLException;
    }

    private final Opener opener;

    /** By database; guarded by this object's monitor. */
    private final Map<String, Connection> kept = new HashMap<>();

    public KeptConnections(Opener opener) {
        this.opener = opener;
    }

    /** Returns the first column of the first row, or "no row". */
    public String ask(String database, String sql) throws SQLException {
        return on(database, statement -> {
            try (ResultSet row = statement.executeQuery(sql)) {
                return row.next() ? String.valueOf(row.getString(1)) : "no row";
            }
        });
    }

    /** Executes a statement. It must leave the session as it was. */
    public void execute(String database, String sql) throws SQLException {
        on(database, statement -> statement.execute(sql));
    }

    private synchronized <T> T on(String database, Action<T> action) throws SQLException {
        Connection connection = kept.get(database);
        if (connection != null) {
            try {
                return on(connection, action);
            } catch (SQLException e) {
                if (!isLost(e)) {
                    throw e;
                }
                kept.remove(database);
            }
        }
        Connection fresh = opener.connect(database);
        kept.put(database, fresh);
        return on(fresh, action);
    }

    private static <T> T on(Connection connection, Action<T> action) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return action.on(statement);
        }
    }

    /** Connection exceptions, and the server's shutdown or kill of a session (PostgreSQL documentation, "PostgreSQL Error Codes"). */
    private static boolean isLost(SQLException e) {
        @Nullable String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** Closes the connections. The next statement opens a new one. */
    @Override
    public synchronized void close() {
        for (Connection connection : kept.values()) {
            try {
                connection.close();
            } catch (SQLException e) {
                // the server is about to end it anyway
            }
        }
        kept.clear();
    }
}
