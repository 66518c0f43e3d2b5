package io.pgcdc.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recognises a pooler that lends a session for a transaction only, such as pgbouncer with pool_mode = transaction. Any thread. */
final class Pooler {

    static final String REMEDY =
            "Connect to the server itself; or have the pooler keep one session for each connection (pgbouncer: pool_mode = session).";

    /** Limit of the second connection's answer, in ms. */
    static final int ANSWER_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Pooler.class);

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
        } catch (SQLException e) {
            // a pooler that keeps a session for each connection may have none left: then the first one is not shared
            LOG.debug("no second connection, so nobody knows whether a pooler shares the first", e);
            return false;
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
