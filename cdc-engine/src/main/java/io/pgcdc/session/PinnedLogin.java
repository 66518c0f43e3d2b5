package io.pgcdc.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens every session on a PostgreSQL server, source or target. Limits the time of the login, pins the settings and verifies them.
 * Nothing else connects, so a setting that is pinned in {@link SessionSettings} holds in all sessions. Any thread.
 */
public final class PinnedLogin {

    private static final Logger LOG = LoggerFactory.getLogger(PinnedLogin.class);

    /** pgjdbc logs about host names, whose error we report; a logger that nobody holds forgets its level. */
    private static final java.util.logging.Logger OF_HOST_NAMES =
            java.util.logging.Logger.getLogger("org.postgresql.ssl");

    static {
        OF_HOST_NAMES.setLevel(java.util.logging.Level.OFF);
    }

    private PinnedLogin() {}

    /** Makes errors of a login. The methods return the error; {@link #connect} throws it. */
    public interface Errors {

        RuntimeException connecting(SQLException e, String where);

        /** @param doing completes "while …" */
        RuntimeException statement(SQLException e, String doing, String where);

        /** @param message what happened, where, and what to do */
        RuntimeException notPinned(String message);
    }

    /**
     * Returns a connection in auto-commit mode.
     *
     * @param properties user, password, TLS; {@code connectTimeout} also limits each answer during the login
     * @param where host, port, database and user for messages, without the password
     * @param answerMs limit of each later answer in ms; if exceeded, the connection breaks with SQLSTATE 08006; 0: no limit
     * @throws RuntimeException from {@code errors}; no connection is open then
     */
    public static Connection connect(
            String jdbcUrl,
            Properties properties,
            String where,
            int answerMs,
            SessionSettings settings,
            Errors errors) {
        Properties all = completed(properties);
        Connection connection;
        try {
            connection = TimedLogin.connect(jdbcUrl, all, answerMs);
        } catch (SQLException e) {
            throw errors.connecting(e, where);
        }
        try {
            SessionSettings.Difference difference = settings.pin(connection);
            if (difference != null) {
                throw errors.notPinned(difference.message(where));
            }
            // a replication connection is never lent; and its socket factory is for one socket
            boolean mayBeLent = PGProperty.REPLICATION.getOrDefault(all) == null;
            int quickly = answerMs == 0 ? Pooler.ANSWER_MS : Math.min(answerMs, Pooler.ANSWER_MS);
            if (mayBeLent && Pooler.shares(connection, () -> TimedLogin.connect(jdbcUrl, all, quickly))) {
                throw errors.notPinned(
                        "a pooler answers, and lends a session of the server for each transaction alone: settings and prepared statements"
                                + " of others would mix; " + where + ". " + Pooler.REMEDY);
            }
        } catch (SQLException e) {
            closeAfter(e, connection);
            throw errors.statement(e, "setting up the session", where);
        } catch (RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
        return connection;
    }

    static Properties completed(Properties properties) {
        Properties all = new Properties();
        all.putAll(properties);
        // the server's details contain row values, and logging an exception prints its causes
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(all, false);
        if (!PGProperty.SSL_FACTORY.isPresent(all)) {
            PGProperty.SSL_FACTORY.set(all, TlsFactory.class.getName());
        }
        return all;
    }

    /** Closes a connection whose end matters to nobody any more. */
    public static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection", e);
        }
    }

    private static void closeAfter(Exception failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
