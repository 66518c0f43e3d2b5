package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.session.TimedLogin;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Runs statements that take longer the larger a table is: those that read or change all of its rows, build an index, or check what a large
 * transaction deferred. answer_timeout_ms does not limit them: after it they would be tried again, and end the same way. The session's
 * lock_timeout still limits each wait for a lock. Any thread.
 */
public final class LongStatements {

    private static final String SET = "SET LOCAL statement_timeout TO ";
    private static final String NO_LIMIT = SET + "0";

    private LongStatements() {}

    /**
     * Runs the work without a limit of time, within the open transaction. If the work fails, the server's limit comes back with the rollback
     * that must follow.
     */
    public static <T> T run(Connection connection, TimedLogin.Work<T> work) throws SQLException {
        int socketMs = connection.getNetworkTimeout();
        if (socketMs == 0) {
            return work.run(); // within another one
        }
        Ddl.execute(connection, NO_LIMIT);
        T result = TimedLogin.withoutLimit(connection, work);
        Ddl.execute(connection, limit(socketMs));
        return result;
    }

    /** Likewise, of one text; in one round trip, for it may be sent for each batch. */
    public static void execute(Connection connection, String sql) throws SQLException {
        int socketMs = connection.getNetworkTimeout();
        if (socketMs == 0) {
            Ddl.execute(connection, sql);
            return;
        }
        TimedLogin.withoutLimit(connection, () -> {
            Ddl.execute(connection, NO_LIMIT + "; " + sql + "; " + limit(socketMs));
            return true;
        });
    }

    private static String limit(int socketMs) {
        return SET + Target.statementMs(socketMs);
    }
}
