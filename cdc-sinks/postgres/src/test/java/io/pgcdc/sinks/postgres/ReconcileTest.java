package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.SnapshotStatus;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a gap, a snapshot brings the target's rows back in step: also those that the source does not have any more. */
class ReconcileTest {

    private static final String ROWS =
            "SELECT coalesce(md5(string_agg(%1$s::text, ',' ORDER BY %1$s::text)), '') FROM %1$s";
    private static final SnapshotRequest RECONCILE = new SnapshotRequest(List.of(), null, List.of(), true);

    @TempDir
    Path directory;

    private static Sink sink(TargetDatabase target, String... settings) throws SQLException {
        return target.sink(new ProjectionSinkProvider(), settings);
    }

    private static void assertEqual(TargetDatabase source, TargetDatabase target, String table) throws SQLException {
        assertEquals(source.ask(ROWS.formatted(table)), target.ask(ROWS.formatted(table)), table);
    }

    @EachPostgres
    void rowsThatTheSourceDoesNotHaveAreDeleted(int version) throws Exception {
        try (TargetDatabase source = new TargetDatabase(version);
                TargetDatabase target = new TargetDatabase(version)) {
            source.sql(
                    "CREATE TABLE a (id int PRIMARY KEY, v text)",
                    "CREATE TABLE b (x text, y numeric, v text, PRIMARY KEY (x, y))",
                    "INSERT INTO a SELECT n, repeat('a', 200) FROM generate_series(1, 2000) n",
                    "INSERT INTO b SELECT 'b' || n, n, 'b' FROM generate_series(1, 100) n",
                    "CREATE PUBLICATION captured FOR TABLE a, b");
            Captured captured = new Captured(source, directory.resolve("queue")).withRows(0);
            captured.bringTo(Map.of("replica", sink(target, "create=true")));
            assertEqual(source, target, "a");
            target.sql(
                    "INSERT INTO a SELECT n, 'deleted meanwhile' FROM generate_series(9001, 9100) n",
                    "UPDATE a SET v = 'changed meanwhile' WHERE id % 5 = 0",
                    "DELETE FROM a WHERE id % 7 = 0",
                    "UPDATE b SET y = y + 0.00",
                    "INSERT INTO b VALUES ('b1', 1.5, 'deleted meanwhile')");
            captured.withRows(2_000);
            Pipeline first = captured.pipeline(Map.of("replica", sink(target, "create=true")));
            Thread running = new Thread(first::run, "first");
            running.start();
            Await.until("the run", () -> first.status().source() != null);
            first.control().snapshot(RECONCILE);
            Await.until(
                    "some rows",
                    () -> first.status().snapshots().get(0).progress().rows() > 200);
            source.sql(
                    "INSERT INTO a VALUES (3001, 'new')",
                    "DELETE FROM a WHERE id = 1999",
                    "UPDATE a SET id = 4000 WHERE id = 3");
            first.control().stop();
            running.join();
            captured.withRows(0);
            source.sql(
                    "INSERT INTO a VALUES (3002, 'new')",
                    "UPDATE a SET v = 'u' WHERE id = 17",
                    "INSERT INTO b VALUES ('c', 1)");
            captured.bringTo(Map.of("replica", sink(target, "create=true")));
            assertEqual(source, target, "a");
            String numbers = "SELECT string_agg(concat_ws(' ', x, trim_scale(y), v), ',' ORDER BY x, y) FROM b";
            assertEquals(source.ask(numbers), target.ask(numbers));
            assertEquals("0", target.ask("SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_seen\\_%'"));
        }
    }

    @Test
    void softDeletesMarkRows() throws Exception {
        try (TargetDatabase target = new TargetDatabase(18)) {
            target.sql(
                    "CREATE TABLE a (id int PRIMARY KEY, gone boolean, version int)",
                    "INSERT INTO a VALUES (1, null, 1), (2, null, 1), (3, true, 1)");
            reconcile(target, "create=true", "on_delete=soft", "deleted_column=gone", "version_column=version");
            assertEquals(
                    "1 f 2,2 t 2,3 t 1",
                    target.ask("SELECT string_agg(concat_ws(' ', id, gone, version), ',' ORDER BY id) FROM a"));
        }
    }

    @Test
    void rowsStayIfDeletesAreIgnored() throws Exception {
        try (TargetDatabase target = new TargetDatabase(18)) {
            target.sql("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (2)");
            reconcile(target, "create=true", "on_delete=ignore");
            assertEquals("1,2", target.ask("SELECT string_agg(id::text, ',' ORDER BY id) FROM a"));
        }
    }

    /** One table's row is refused, and the other table's deletion. */
    @Test
    void aRefusedChangeKeepsTheRowsOfItsTable() throws Exception {
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE a (id int PRIMARY KEY, v text)",
                    "CREATE TABLE b (id int PRIMARY KEY)",
                    "INSERT INTO a VALUES (1, 'new'), (2, 'refused')",
                    "INSERT INTO b VALUES (1)");
            target.sql(
                    "CREATE TABLE a (id int PRIMARY KEY, v text CHECK (v <> 'refused'))",
                    "CREATE TABLE b (id int PRIMARY KEY, parent int REFERENCES b)",
                    "INSERT INTO a VALUES (1, 'old'), (2, 'old'), (3, 'old')",
                    "INSERT INTO b VALUES (1, 2), (2, NULL)");
            reconcile(source, target, "create=true");
            assertEquals(List.of("1 new", "2 old", "3 old"), target.list("SELECT id || ' ' || v FROM a ORDER BY id"));
            assertEquals(List.of("1", "2"), target.list("SELECT id FROM b ORDER BY id"));
            assertEquals(
                    List.of("READ", "READ", "RECONCILE"), // the first snapshot does not reconcile
                    Files.readAllLines(directory.resolve("queue/dead-letters/replica.jsonl")).stream()
                            .map(line -> line.replaceAll(".*\"change_type\":\"(\\w+)\".*", "$1"))
                            .toList());
        }
    }

    /** Reads table a, which has row 1, into a target that knows nothing of the sink. */
    private void reconcile(TargetDatabase target, String... settings) throws Exception {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
            reconcile(source, target, settings);
        }
    }

    private void reconcile(TargetDatabase source, TargetDatabase target, String... settings) throws Exception {
        source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
        Captured captured = new Captured(source, directory.resolve("queue"), true).withRows(0);
        Pipeline run = captured.pipeline(Map.of("replica", sink(target, settings)));
        Thread running = new Thread(run::run, "run");
        running.start();
        Await.until("the run", () -> run.status().source() != null);
        run.control().snapshot(RECONCILE);
        run.control().stopWhenCaughtUp();
        running.join();
        assertTrue(run.status().snapshots().stream().allMatch(SnapshotStatus::isOver));
    }
}
