package io.pgcdc.sinks.postgres;

import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A synchronous standby that never comes, until this is closed: commits that ask for it wait, and are sent to slots all the same. In the database
 * given, as in others that say so, commits do not ask for it.
 */
final class AbsentStandby implements AutoCloseable {

    private final TargetDatabase database;
    private final List<Connection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    AbsentStandby(TargetDatabase database) throws SQLException {
        this.database = database;
        database.sql(
                "SET synchronous_commit = local",
                "ALTER DATABASE " + database.name() + " SET synchronous_commit = local",
                "ALTER SYSTEM SET synchronous_standby_names = 'absent'",
                "SELECT pg_reload_conf()");
        int pid = run("DO $$ BEGIN LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$");
        awaitWaiting(pid);
    }

    /** Returns once the statement's commit waits. */
    void commitWaiting(String sql) throws SQLException {
        awaitWaiting(run(sql));
    }

    private int run(String sql) throws SQLException {
        Connection connection = database.server().connect(database.name());
        connections.add(connection);
        Statement statement = connection.createStatement();
        statement.execute("SET synchronous_commit = on");
        Thread thread = new Thread(() -> {
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                // ended by close
            }
        });
        threads.add(thread);
        thread.start();
        return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    }

    private void awaitWaiting(int pid) {
        Await.until(
                "a commit that waits",
                () -> database.ask("SELECT wait_event FROM pg_stat_activity WHERE pid = " + pid)
                        .equals("SyncRep"));
    }

    @Override
    public void close() throws SQLException {
        database.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        List<Thread> commits = threads.subList(1, threads.size());
        Await.until("the commits that waited", () -> commits.stream().noneMatch(Thread::isAlive));
        for (Connection connection : connections) {
            connection.close(); // ends the first, whose loop of commits has no end
        }
        Await.until("the last commit", () -> !threads.get(0).isAlive());
    }
}
