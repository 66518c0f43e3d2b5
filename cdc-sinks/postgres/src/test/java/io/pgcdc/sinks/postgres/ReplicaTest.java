package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole tables kept equal to those of the source. */
class ReplicaTest {

    @TempDir
    Path directory;

    @EachPostgres
    void tablesAreEqualAfterAnyWork(int version) throws SQLException {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("ReplicaTest " + version + ", -Dpgcdc.seed=" + seed);
        try (TargetDatabase source = new TargetDatabase(version);
                TargetDatabase target = new TargetDatabase(version)) {
            MixedWorkload.create(source.connection());
            source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
            slot(source);
            MixedWorkload workload = new MixedWorkload(source.connection(), seed);
            Captured captured = new Captured(source, directory.resolve("queue"));
            for (int run = 0; run < 3; run++) {
                workload.run(Soak.count(2_500, 6_000));
                captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
                source.connection().setAutoCommit(true);
                for (String table : MixedWorkload.KEYS.keySet()) {
                    assertEquals(checksum(source, table), checksum(target, table), table + ", run " + run);
                }
            }
        }
    }

    /** Rows that were there, an interruption, and work all the while: in the end the tables are equal. */
    @EachPostgres
    void rowsThatWereThereComeFirst(int version) throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("ReplicaTest, rows, " + version + ", -Dpgcdc.seed=" + seed);
        try (TargetDatabase source = new TargetDatabase(version);
                TargetDatabase target = new TargetDatabase(version)) {
            MixedWorkload.create(source.connection());
            source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
            MixedWorkload workload = new MixedWorkload(source.connection(), seed);
            workload.run(Soak.count(2_500, 6_000));
            Captured captured = new Captured(source, directory.resolve("queue")).withRows(1_000);
            Pipeline first =
                    captured.pipeline(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            Thread running = new Thread(first::run, "first");
            running.start();
            String some = "SELECT count(*) FROM pg_tables WHERE schemaname = 'mix'";
            Await.until("a table in the target", () -> !"0".equals(target.ask(some)));
            first.control().stop();
            running.join();
            captured.withRows(0);
            Pipeline second =
                    captured.pipeline(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            Thread again = new Thread(second::run, "second");
            again.start();
            workload.run(Soak.count(2_500, 6_000));
            source.connection().setAutoCommit(true);
            second.control().stopWhenCaughtUp();
            again.join();
            for (String table : MixedWorkload.KEYS.keySet()) {
                assertEquals(checksum(source, table), checksum(target, table), table);
            }
        }
    }

    @Test
    void typesColumnsAndRowsOfTheTargetAreRespected() throws SQLException {
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE docs (id bigint PRIMARY KEY, body text, n int, twice int GENERATED ALWAYS AS (n * 2) STORED)",
                    "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL",
                    "CREATE PUBLICATION captured FOR ALL TABLES");
            target.sql("CREATE TABLE docs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, n int,"
                    + " twice int GENERATED ALWAYS AS (n * 2) STORED, note text DEFAULT 'of the target')");
            slot(source);
            source.sql(
                    "INSERT INTO docs (id, body, n) SELECT g, repeat(md5(g::text), 300), g FROM generate_series(1, 3) g",
                    "UPDATE docs SET n = n + 10 WHERE id < 3", // its body is not sent
                    "UPDATE docs SET body = repeat(body, 2) WHERE id = 3");
            Captured captured = new Captured(source, directory.resolve("queue"));
            captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            String rows = "SELECT concat_ws('|', id, md5(body), n, twice) FROM docs ORDER BY n";
            assertEquals(source.list(rows), target.list(rows));
            assertEquals(List.of("of the target"), target.list("SELECT DISTINCT note FROM docs"));
            // a column that is added to the source is added to a target that may be altered
            source.sql("ALTER TABLE docs ADD COLUMN late numeric(6,2)", "UPDATE docs SET late = 1.5 WHERE id = 1");
            captured.bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            assertEquals("1.50", target.ask("SELECT late FROM docs WHERE id = 1"));
        }
    }

    /** An INSERT has the value in TOAST, and the UPDATE after it has not: together they are one row of the batch, with the value. */
    @Test
    void anUpdateWithoutItsToastKeepsThatOfTheInsertBeforeIt() throws SQLException {
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE docs (id int PRIMARY KEY, body text, n int)",
                    "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL",
                    "CREATE PUBLICATION captured FOR ALL TABLES");
            slot(source);
            source.sql(
                    "BEGIN; INSERT INTO docs VALUES (1, repeat('body ', 1000), 0); UPDATE docs SET n = 1; COMMIT",
                    "INSERT INTO docs VALUES (2, repeat('more ', 1000), 0)",
                    "UPDATE docs SET n = 2 WHERE id = 2");
            new Captured(source, directory.resolve("queue"))
                    .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            String rows = "SELECT concat_ws('|', id, md5(body), n) FROM docs ORDER BY id";
            assertEquals(source.list(rows), target.list(rows));
        }
    }

    /** Children are inserted behind their parents and deleted before them, however the changes are put together. */
    @Test
    void foreignKeysOfTheTargetHold() throws SQLException {
        String ddl = "CREATE TABLE b_parent (id int PRIMARY KEY);"
                + " CREATE TABLE a_child (id int PRIMARY KEY, parent int REFERENCES b_parent, up int REFERENCES a_child)";
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(ddl, "CREATE PUBLICATION captured FOR ALL TABLES");
            target.sql(ddl);
            slot(source);
            source.sql(
                    "BEGIN; INSERT INTO b_parent VALUES (1), (2); INSERT INTO a_child VALUES (1, 1, NULL), (2, 2, 1); COMMIT",
                    "BEGIN; DELETE FROM a_child WHERE id = 2; DELETE FROM b_parent WHERE id = 2;"
                            + " INSERT INTO b_parent VALUES (3); INSERT INTO a_child VALUES (3, 3, 1); COMMIT",
                    "TRUNCATE b_parent CASCADE",
                    "BEGIN; INSERT INTO b_parent VALUES (5); INSERT INTO a_child VALUES (5, 5, 5); COMMIT");
            new Captured(source, directory.resolve("queue"))
                    .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            assertEquals(List.of("5"), target.list("SELECT id FROM b_parent"));
            assertEquals(List.of("(5,5,5)"), target.list("SELECT a_child FROM a_child"));
        }
    }

    /** Positions of the source's own sinks are in FOR ALL TABLES, too, and not to be written over those of the replica's. */
    @Test
    void positionsAreNobodysData() throws SQLException {
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE PUBLICATION captured FOR ALL TABLES");
            slot(source);
            Captured captured = new Captured(source, directory.resolve("queue"));
            for (int run = 1; run <= 3; run++) {
                if (run < 3) {
                    source.sql("INSERT INTO t VALUES (" + run + ")");
                }
                // a run ends where the server was at its start: what the log's sink writes in it comes in the next
                captured.bringTo(Map.of(
                        "log", source.sinkOf("log", new ChangeLogSinkProvider(), "create=true"),
                        "replica", target.sinkOf("replica", new ProjectionSinkProvider(), "create=true")));
            }
            assertEquals(List.of("1", "2"), target.list("SELECT id FROM t ORDER BY 1"));
            assertEquals(List.of("replica"), target.list("SELECT sink FROM pgcdc.sink_positions"));
            assertEquals("2", target.ask("SELECT count(*) FROM cdc_pattern.change_logs_" + today(source)));
        }
    }

    private static String today(TargetDatabase database) {
        return database.ask("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')");
    }

    /** A unique value goes from one row to another within what is put together: then each change goes alone. */
    @Test
    void whatCannotBePutTogetherIsAppliedChangeByChange() throws SQLException {
        String ddl = "CREATE TABLE seats (id int PRIMARY KEY, seat text UNIQUE)";
        try (TargetDatabase source = new TargetDatabase(18);
                TargetDatabase target = new TargetDatabase(18)) {
            source.sql(ddl, "CREATE PUBLICATION captured FOR ALL TABLES");
            target.sql(ddl);
            slot(source);
            source.sql(
                    "INSERT INTO seats VALUES (1, 'a'), (2, 'b')",
                    "BEGIN; UPDATE seats SET seat = 'c' WHERE id = 1; UPDATE seats SET seat = 'a' WHERE id = 2;"
                            + " UPDATE seats SET seat = 'b' WHERE id = 1; COMMIT");
            new Captured(source, directory.resolve("queue"))
                    .bringTo(Map.of("replica", target.sink(new ProjectionSinkProvider(), "create=true")));
            assertEquals(List.of("(1,b)", "(2,a)"), target.list("SELECT seats FROM seats ORDER BY id"));
        }
    }

    static void slot(TargetDatabase source) {
        source.sql("SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
    }

    static String checksum(TargetDatabase database, String table) {
        if (database.ask("SELECT to_regclass('" + table + "')").equals("null")) {
            return "0 "; // nothing of it has come yet
        }
        return database.ask(
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM "
                        + table + " t");
    }
}
