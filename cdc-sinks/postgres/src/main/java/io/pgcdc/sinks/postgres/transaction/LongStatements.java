package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.session.TimedLogin;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Runs statements whose time grows with the table: they read or change all rows, build an index, or check a large transaction's
 * deferred constraints. answer_timeout_ms does not limit them, because a retry would end the same way. The session's lock_timeout
 * still limits each wait for a lock. Any thread.
 */
public final class LongStatements {

    private static final String SET = "SET LOCAL statement_timeout TO ";
    private static final String NO_LIMIT = SET + "0";

    private LongStatements() {}

    /**
     * Runs the work without a time limit, in the open transaction. If it fails, the rollback that must follow restores the server's
     * limit.
     */
    public static <T> T run(Connection connection, TimedLogin.Work<T> work) throws SQLException {
        int socketMs = connection.getNetworkTimeout();
        if (socketMs == 0) {
            return work.run(); // this call is inside another one, which has removed the limits
        }
        Ddl.execute(connection, NO_LIMIT);
        T result = TimedLogin.withoutLimit(connection, work);
        Ddl.execute(connection, limit(socketMs));
        return result;
    }

    /** Runs SQL without a time limit, in one round trip, because it may run for each batch. */
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
