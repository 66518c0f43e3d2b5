package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** The server sends a transaction before others can see it. The catalog then lacks that transaction's changes. */
class VisibilityTest {

    /** The transaction creates the column's type and its table. */
    private static final String NEW_TABLE =
            "BEGIN; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE moods (id int, m mood[]);"
                    + " INSERT INTO moods VALUES (1, '{a}'); COMMIT";

    @TempDir
    Path directory;

    @Test
    void aNewTableIsReadWhenItsTransactionIsVisible() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory).reconnecting()) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink);
                    Connection committing = source.server().connect(source.database())) {
                source.sql(
                        "SET synchronous_commit = local",
                        "ALTER SYSTEM SET synchronous_standby_names = 'absent'",
                        "SELECT pg_reload_conf()");
                String streaming = streaming(source);
                Thread waiting = new Thread(() -> commit(committing), "commit");
                try {
                    Await.until(
                            "the standby's name",
                            () -> source.ask("SHOW synchronous_standby_names").equals("absent"));
                    waiting.start();
                    int pid = committing.unwrap(PGConnection.class).getBackendPID();
                    Await.until(
                            "a commit that waits",
                            () -> source.ask("SELECT wait_event FROM pg_stat_activity WHERE pid = " + pid)
                                    .equals("SyncRep"));
                    // the stream begins again, because the table is not readable yet
                    Await.until(
                            "the row, or another connection",
                            () -> !sink.seen().isEmpty()
                                    || !List.of(streaming, "nobody").contains(streaming(source)));
                    assertEquals(List.of(), sink.seen(), "not before its type can be read");
                } finally {
                    source.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                }
                waiting.join();
                run.finish();
            }
            String json = sink.seen().get(sink.seen().size() - 1).json();
            assertTrue(json.contains("\"new_data\":{\"id\":1,\"m\":[\"a\"]}"), json);
        }
    }

    /** The transaction becomes visible only after the stream has confirmed it. */
    @Test
    void aStreamDoesNotWaitForCommitsThatWaitForIt() throws Exception {
        try (TestSource source =
                new TestSource(PgServer.shared(18), directory).reconnecting().statusIntervalMs(100)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink);
                    Connection committing = source.server().connect(source.database())) {
                source.sql(
                        "SET synchronous_commit = local",
                        "ALTER SYSTEM SET synchronous_standby_names = '*'",
                        "SELECT pg_reload_conf()");
                try {
                    Await.until(
                            "a stream that commits wait for",
                            () -> source.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                                    .equals("1"));
                    Thread waiting = new Thread(() -> commit(committing), "commit");
                    waiting.start();
                    Await.until("the commit's end", () -> !waiting.isAlive());
                } finally {
                    source.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                }
                run.finish();
            }
            assertEquals(List.of("1"), sink.column("id"));
        }
    }

    private static String streaming(TestSource source) throws SQLException {
        return source.ask(
                "SELECT coalesce(max(active_pid)::text, 'nobody') FROM pg_replication_slots WHERE slot_name = '"
                        + source.slot() + "'");
    }

    private static void commit(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on");
            statement.execute(NEW_TABLE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
