package io.pgcdc.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Connects, and waits for no answer without a limit. pgjdbc's own limit ends once the host accepts; a host, or a network, that falls silent
 * behind that would hold the caller for good. Any thread.
 */
public final class TimedLogin {

    private TimedLogin() {}

    /**
     * A connection that is logged in.
     *
     * @param properties its {@code connectTimeout} holds for each answer during the login too; 0: no limit
     * @param answerMs how long each later answer may take; then the connection is broken, SQLSTATE 08006; 0: no limit
     * @throws SQLException as pgjdbc reports it; a silent host has a SocketTimeoutException as its cause
     */
    public static Connection connect(String jdbcUrl, Properties properties, int answerMs) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        PGProperty.SOCKET_TIMEOUT.set(all, PGProperty.CONNECT_TIMEOUT.getInt(all));
        Connection connection = DriverManager.getConnection(jdbcUrl, all);
        limitAnswers(connection, answerMs);
        return connection;
    }

    /** Another limit from the next answer on. */
    public static void limitAnswers(Connection connection, int answerMs) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, answerMs);
    }
}
