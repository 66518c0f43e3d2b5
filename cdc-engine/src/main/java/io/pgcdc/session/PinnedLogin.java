package io.pgcdc.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Opens each session on a PostgreSQL server, of the source and of targets: logged in within a limit of time, with the settings pinned and
 * verified. Nothing else connects, so a setting that is pinned in {@link SessionSettings} is pinned on all of them. Any thread.
 */
public final class PinnedLogin {

    private PinnedLogin() {}

    /** What errors of a login become. The methods return the error; {@link #connect} throws it. */
    public interface Errors {

        RuntimeException connecting(SQLException e, String where);

        /** @param doing completes "while …" */
        RuntimeException statement(SQLException e, String doing, String where);

        /** @param message what happened, where, and what to do */
        RuntimeException notPinned(String message);
    }

    /**
     * Returns a connection on which each statement commits alone.
     *
     * @param properties user, password, TLS; {@code connectTimeout} holds for each answer during the login, too
     * @param where host, port, database and user for messages, without the password
     * @param answerMs how long each later answer may take; then the connection is broken, SQLSTATE 08006; 0: no limit
     * @throws RuntimeException what {@code errors} make of it; no connection is left open then
     */
    public static Connection connect(
            String jdbcUrl,
            Properties properties,
            String where,
            int answerMs,
            SessionSettings settings,
            Errors errors) {
        Properties all = new Properties();
        all.putAll(properties);
        // a server's details hold values of rows, and who logs an exception prints its causes
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(all, false);
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
        } catch (SQLException e) {
            closeAfter(e, connection);
            throw errors.statement(e, "setting up the session", where);
        } catch (RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
        return connection;
    }

    private static void closeAfter(Exception failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
