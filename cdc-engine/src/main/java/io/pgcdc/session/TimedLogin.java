package io.pgcdc.session;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLState;

/**
 * Connects, and limits the wait for each answer. pgjdbc's connect timeout ends when the host accepts the connection. A host or a
 * network that is silent afterwards would block the caller forever; and with {@code sslmode=prefer} pgjdbc asks a silent host twice. Any
 * thread.
 */
public final class TimedLogin {

    /** Not by DriverManager: for a program that loads pgcdc as a plugin, it does not find a driver in the plugin's class loader. */
    private static final Driver DRIVER = new Driver();

    private TimedLogin() {}

    /**
     * Returns a connection that is logged in.
     *
     * @param properties {@code connectTimeout}, in s, also limits each answer during the login, and the whole login at a URL with one host; 0: no
     *     limit
     * @param answerMs limit of each later answer in ms; if exceeded, the connection breaks with SQLSTATE 08006; 0: no limit
     * @throws SQLException as pgjdbc reports it; for a silent host the cause is a SocketTimeoutException
     */
    static Connection connect(String jdbcUrl, Properties properties, int answerMs) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        int seconds = PGProperty.CONNECT_TIMEOUT.getInt(all);
        boolean whole = seconds > 0 && !jdbcUrl.contains(",");
        PGProperty.LOGIN_TIMEOUT.set(all, whole ? seconds : 0);
        // a second more: where the whole login has a limit, pgjdbc must not begin its second question before
        PGProperty.SOCKET_TIMEOUT.set(all, whole ? seconds + 1 : seconds);
        Connection connection = open(jdbcUrl, all);
        limitAnswers(connection, answerMs);
        return connection;
    }

    private static Connection open(String jdbcUrl, Properties properties) throws SQLException {
        long start = System.nanoTime();
        long limitNanos = TimeUnit.SECONDS.toNanos(PGProperty.LOGIN_TIMEOUT.getInt(properties));
        try {
            Connection connection = DRIVER.connect(jdbcUrl, properties);
            if (connection == null) {
                throw new IllegalArgumentException("not a URL of PostgreSQL's driver");
            }
            return connection;
        } catch (SQLException e) {
            boolean timed = limitNanos > 0 && System.nanoTime() - start >= limitNanos;
            if (timed && PSQLState.CONNECTION_UNABLE_TO_CONNECT.getState().equals(e.getSQLState())) {
                throw new SQLException(e.getMessage(), e.getSQLState(), new SocketTimeoutException(e.getMessage()));
            }
            throw e;
        }
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
