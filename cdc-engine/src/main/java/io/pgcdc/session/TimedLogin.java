package io.pgcdc.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Connects, and limits the wait for each answer. pgjdbc's connect timeout ends when the host accepts the connection. A host or a
 * network that is silent afterwards would block the caller forever. Any thread.
 */
public final class TimedLogin {

    private TimedLogin() {}

    /**
     * Returns a connection that is logged in.
     *
     * @param properties {@code connectTimeout} also limits each answer during the login; 0: no limit
     * @param answerMs limit of each later answer in ms; if exceeded, the connection breaks with SQLSTATE 08006; 0: no limit
     * @throws SQLException as pgjdbc reports it; for a silent host the cause is a SocketTimeoutException
     */
    static Connection connect(String jdbcUrl, Properties properties, int answerMs) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        PGProperty.SOCKET_TIMEOUT.set(all, PGProperty.CONNECT_TIMEOUT.getInt(all));
        Connection connection = DriverManager.getConnection(jdbcUrl, all);
        limitAnswers(connection, answerMs);
        return connection;
    }

    /** Statements that may wait for other transactions, or that read a whole table. */
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs the work without a limit of answers. Restores the limit afterwards if the connection is still open. */
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
