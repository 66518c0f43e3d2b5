package io.pgcdc.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Connects, and limits the wait for each answer. pgjdbc's connect timeout ends when the host accepts the connection. A host or a network
 * that goes silent after that would block the caller without end. Any thread.
 */
public final class TimedLogin {

    private TimedLogin() {}

    /**
     * Returns a connection that is logged in.
     *
     * @param properties its {@code connectTimeout} holds for each answer during the login too; 0: no limit
     * @param answerMs how long each later answer may take; then the connection is broken, SQLSTATE 08006; 0: no limit
     * @throws SQLException as pgjdbc reports it; a silent host has a SocketTimeoutException as its cause
     */
    static Connection connect(String jdbcUrl, Properties properties, int answerMs) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        PGProperty.SOCKET_TIMEOUT.set(all, PGProperty.CONNECT_TIMEOUT.getInt(all));
        Connection connection = DriverManager.getConnection(jdbcUrl, all);
        limitAnswers(connection, answerMs);
        return connection;
    }

    /** Statements that may have to wait for other transactions, or that read a whole table. */
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs the work with no limit for its answers. The limit of before holds again afterwards, if the connection is still open. */
    public static <T> T withoutLimit(Connection connection, Work<T> work) throws SQLException {
        int before = connection.getNetworkTimeout();
        limitAnswers(connection, 0);
        try {
            return work.run();
        } finally {
            // pgjdbc refuses to set a limit on a closed connection: its error would hide why the server closed it
            if (!connection.isClosed()) {
                limitAnswers(connection, before);
            }
        }
    }

    private static void limitAnswers(Connection connection, int answerMs) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, answerMs);
    }
}
