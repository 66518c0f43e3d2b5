package io.pgcdc.sinks.postgres.transaction;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.TableName;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;

/** Sinks that start together create the same objects. */
class DdlTest {

    private static final TableName EARLIER = new TableName("earlier", "t");
    private static final TableName LATER = new TableName("later", "t");
    private static final TableName IN_THE_SAME_SCHEMA = new TableName("later", "u");

    @EachPostgres
    void aSessionThatLostTheRaceSeesWhatTheOtherCreated(int version) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TargetDatabase target = new TargetDatabase(version);
                Connection first = target.server().connect(target.name());
                Connection second = target.server().connect(target.name())) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            // the first race fills the caches of the second session, which in the next race answer without a look at
            // the catalog
            for (TableName table : List.of(EARLIER, LATER, IN_THE_SAME_SCHEMA)) {
                create(first, table);
                Future<Boolean> lost = executor.submit(() -> {
                    create(second, table);
                    return Ddl.exists(second, table);
                });
                Await.until("the second session's wait for the first", () -> waits(target, second));
                first.commit();
                assertTrue(lost.get());
                second.commit();
            }
        } finally {
            executor.shutdown();
        }
    }

    private static void create(Connection connection, TableName table) throws SQLException {
        Ddl.createSchema(connection, table.schema());
        Ddl.createTable(connection, table, "CREATE TABLE " + table.sql() + " (id bigserial, n int UNIQUE)");
    }

    private static boolean waits(TargetDatabase target, Connection connection) throws SQLException {
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        return "Lock".equals(target.ask("SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + pid));
    }
}
