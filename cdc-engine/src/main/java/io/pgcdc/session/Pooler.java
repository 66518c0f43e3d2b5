package io.pgcdc.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** Recognises a pooler that lends a session for a transaction only, such as pgbouncer with pool_mode = transaction. Any thread. */
final class Pooler {

    static final String REMEDY =
            "Connect to the server itself; or have the pooler keep one session for each connection (pgbouncer: pool_mode = session).";

    private Pooler() {}

    /** Opens one more connection like the first. */
    interface Second {
        Connection open() throws SQLException;
    }

    /**
     * Returns whether two connections that are open together share a session of the server. Asks for the second only if the server's process is
     * another than the login named (protocol, "BackendKeyData"): no pooler passes that on.
     */
    static boolean shares(Connection first, Second second) throws SQLException {
        int pid = pid(first);
        if (pid == first.unwrap(PGConnection.class).getBackendPID()) {
            return false;
        }
        try (Connection other = second.open()) {
            return pid(other) == pid;
        }
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
