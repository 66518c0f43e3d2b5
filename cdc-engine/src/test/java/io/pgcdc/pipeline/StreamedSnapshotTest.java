package io.pgcdc.pipeline;

import static io.pgcdc.pipeline.SnapshotResults.assertIncreasing;
import static io.pgcdc.pipeline.SnapshotResults.merged;
import static io.pgcdc.pipeline.SnapshotResults.reads;
import static io.pgcdc.pipeline.SnapshotResults.replayed;
import static io.pgcdc.pipeline.SnapshotResults.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.snapshot.SnapshotMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are read while changes are streamed. */
class StreamedSnapshotTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        return new TestSource(PgServer.shared(version), directory).snapshot(SnapshotMode.INITIAL);
    }

    /** A pipeline that began without a snapshot gets one while changes are streamed. */
    @EachPostgres
    void rowsAreReadWhileChangesAreStreamed(int version) throws Exception {
        try (TestSource source = source(version).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n");
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                source.sql("DELETE FROM t WHERE id = 5");
                run.finish();
            }
            assertEquals(1, first.seen().size());
            source.snapshot(SnapshotMode.INITIAL);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                for (int i = 0; i < 200; i++) {
                    source.sql(
                            "UPDATE t SET v = 'u" + i + "' WHERE id % 100 = " + i % 100,
                            "DELETE FROM t WHERE id = " + (1_000 + i),
                            "INSERT INTO t VALUES (" + (5_000 + i) + ", 'new')");
                }
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertIncreasing(first, sink);
            // an UPDATE moves a row, perhaps to where it is read again
            assertTrue(reads(sink).size() > 1_000, reads(sink).size() + " rows were read");
        }
    }

    /** What is finished is not read again; the rest comes while changes are streamed. */
    @EachPostgres
    void aSnapshotThatWasInterruptedContinues(int version) throws Exception {
        try (TestSource source = source(version).chunkBytes(8_192).maxRowsPerSecond(2_000)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n");
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                Await.until("some rows", () -> first.seen().size() > 300);
                run.stop();
            }
            assertTrue(reads(first).size() < 3_000, "the test was too slow");
            source.maxRowsPerSecond(0);
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                source.sql("DELETE FROM t WHERE id % 5 = 0", "INSERT INTO t VALUES (4000, 'late')");
                run.finish();
            }
            assertEquals(table(source), replayed(first, second));
            assertIncreasing(first, second);
            TreeSet<String> ids = new TreeSet<>();
            reads(first)
                    .forEach(
                            seen -> assertTrue(ids.add(String.valueOf(seen.row().get("id")))));
            reads(second)
                    .forEach(
                            seen -> assertTrue(ids.add(String.valueOf(seen.row().get("id")))));
        }
    }

    /**
     * An UPDATE that leaves a value in TOAST unchanged is sent without it. This one moves its rows to a block that was read already, so that no
     * range shows them: they are read again by their keys. Some have other keys by then.
     */
    @EachPostgres
    void toastUpdateOvertakesChunk(int version) throws Exception {
        try (TestSource source = source(version).snapshot(SnapshotMode.NEVER)) {
            source.sql(
                    "ALTER TABLE t ADD COLUMN n int",
                    "ALTER TABLE t ALTER COLUMN v SET STORAGE EXTERNAL",
                    "INSERT INTO t SELECT n, repeat(chr(65 + n % 26), 3000), 0 FROM generate_series(1, 1500) n",
                    "DELETE FROM t WHERE id <= 500 AND id % 2 = 0",
                    "VACUUM t");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL).parallel(1).chunkBytes(65_536).maxRowsPerSecond(500);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until(
                        "the blocks with free space",
                        () -> readIds(sink, 0, 500).size() == 250);
                source.sql(
                        "UPDATE t SET n = 1 WHERE id BETWEEN 1400 AND 1410",
                        "UPDATE t SET n = 2, id = id + 26000 WHERE id BETWEEN 1405 AND 1410");
                Await.until("the updates", () -> sink.column("n").contains("2"));
                assertEquals(
                        "11",
                        source.ask("SELECT count(*) FROM t WHERE n > 0 AND (ctid::text::point)[0] <"
                                + " (SELECT (ctid::text::point)[0] FROM t WHERE id = 499)"),
                        "the rows did not move to where reading is done");
                assertEquals(Set.of(), readIds(sink, 1_400, 1_411), "the test was too slow");
                run.stop();
            }
            source.maxRowsPerSecond(0);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            Map<String, String> merged = merged(sink);
            IntStream.rangeClosed(1_405, 1_410).forEach(id -> merged.remove(String.valueOf(id)));
            assertEquals(1_250, merged.size());
            assertEquals(
                    List.of(),
                    merged.keySet().stream()
                            .filter(id -> !String.valueOf((char) (65 + Integer.parseInt(id) % 26))
                                    .repeat(3_000)
                                    .equals(merged.get(id)))
                            .toList());
        }
    }

    /** Returns which of these rows were read. */
    private static Set<Integer> readIds(CollectingSink sink, int from, int before) {
        return reads(sink).stream()
                .map(seen -> Integer.parseInt(String.valueOf(seen.row().get("id"))))
                .filter(id -> id >= from && id < before)
                .collect(Collectors.toSet());
    }

    /** With a synchronous standby that does not answer, the stream brings commits that no query sees yet. */
    @EachPostgres
    void changesThatWaitForAStandbyOvertakeRows(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        try (TestSource source = source(version).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.maxRowsPerSecond(2_000), sink);
                    Connection other = server.connect(source.database())) {
                source.sql("UPDATE t SET v = 'first' WHERE id = 1000");
                Await.until("the table's layout", () -> sink.column("v").contains("first"));
                // changes that come before it reads make it wait
                Await.until("some rows", () -> !reads(sink).isEmpty());
                AtomicInteger updates = new AtomicInteger();
                AtomicBoolean waits = new AtomicBoolean();
                Thread waiting = new Thread(() -> {
                    try (Statement statement = other.createStatement()) {
                        while (!waits.get()) {
                            statement.execute(
                                    "UPDATE t SET v = 'update " + updates.incrementAndGet() + "' WHERE id % 500 = 0");
                        }
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                admin(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
                try {
                    waiting.start();
                    // the server needs a moment: until then the updates do not wait
                    Await.until(
                            "a commit that waits",
                            () -> server.ask("SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE wait_event = 'SyncRep' AND datname = '" + source.database() + "'")
                                    .equals("1"));
                    waits.set(true);
                    Await.until("its change", () -> sink.column("v").contains("update " + updates.get()));
                    int before = sink.seen().size();
                    Await.until("rows after it", () -> sink.seen().size() > before + 100);
                } finally {
                    // other tests share this server
                    admin(server, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                }
                waiting.join();
                run.stop();
            }
            CollectingSink rest = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.maxRowsPerSecond(0), rest)) {
                run.finish();
            }
            assertEquals(table(source), replayed(sink, rest));
        }
    }

    private static void admin(PgServer server, String... statements) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A table that is rewritten while it is read shows no rows to the chunks after it, so it is read again. */
    @EachPostgres
    void aTableThatIsRewrittenIsReadAgain(int version) throws Exception {
        try (TestSource source = source(version).chunkBytes(8_192).maxRowsPerSecond(3_000)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> sink.seen().size() > 300);
                source.sql("VACUUM FULL t", "UPDATE t SET v = 'after' WHERE id % 3 = 0");
                Await.until("the rest", () -> sink.seen().size() > 2_000);
                source.sql("VACUUM FULL t");
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertIncreasing(sink);
        }
    }

    /** Rows without a key are read at once, those whose updates are not published in the order of their key. */
    @EachPostgres
    void tablesWhoseFilesTellNothingAreReadOtherwise(int version) throws Exception {
        try (TestSource source =
                source(version).snapshot(SnapshotMode.NEVER).publications("few").chunkBytes(65_536)) {
            source.sql(
                    "CREATE TABLE keyless (v text)",
                    "CREATE TABLE inserted (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION few FOR TABLE keyless, inserted WITH (publish = 'insert')",
                    "INSERT INTO keyless SELECT 'same' FROM generate_series(1, 2000)",
                    "INSERT INTO inserted SELECT n, repeat('x', 500) FROM generate_series(1, 2000) n");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE inserted SET v = 'moved' WHERE id % 3 = 0");
                run.finish();
            }
            assertEquals(4_000, sink.seen().size());
            assertEquals(
                    2_000,
                    sink.column("id").stream()
                            .filter(id -> id != null)
                            .distinct()
                            .count());
        }
    }

    /** Without published updates, no change says that a row has moved to where reading is done. */
    @EachPostgres
    void aTableThatLosesItsUpdatesIsReadByItsKey(int version) throws Exception {
        try (TestSource source = source(version)
                .snapshot(SnapshotMode.NEVER)
                .publications("narrow")
                .chunkBytes(8_192)) {
            source.sql(
                    "CREATE TABLE moving (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION narrow FOR TABLE moving",
                    "INSERT INTO moving SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n",
                    "DELETE FROM moving WHERE id <= 500",
                    "VACUUM moving");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL).maxRowsPerSecond(2_000);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> reads(sink).size() > 300);
                source.sql(
                        "ALTER PUBLICATION narrow SET (publish = 'insert, delete')",
                        "UPDATE moving SET v = 'moved' || v WHERE id > 2600");
                assertEquals(
                        "t",
                        source.ask("SELECT bool_or(ctid < (SELECT min(ctid) FROM moving WHERE id BETWEEN 501 AND 2600))"
                                + " FROM moving WHERE id > 2600"),
                        "rows have moved to the file's beginning");
                run.finish();
            }
            assertEquals(2_500, new TreeSet<>(sink.column("id")).size());
        }
    }

    @Test
    void aLargeTableWithoutAKeyIsRefused() throws Exception {
        try (TestSource source = source(18).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql(
                    "CREATE TABLE keyless (v text)",
                    "ALTER TABLE keyless REPLICA IDENTITY FULL",
                    "INSERT INTO keyless SELECT repeat('x', 1000) FROM generate_series(1, 2000)");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL);
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                SourceException e = assertInstanceOf(SourceException.class, run.awaitEnd());
                assertEquals(ErrorCode.SNAPSHOT_NEEDS_KEY, e.code());
            }
        }
    }

    /** The slot's state ends with its connection. The rest comes while changes are streamed. */
    @EachPostgres
    void connectionsThatEndLoseNothing(int version) throws Exception {
        try (TestSource source =
                source(version).reconnecting().chunkBytes(8_192).maxRowsPerSecond(2_000)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> sink.seen().size() > 300);
                source.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()");
                Await.until("more rows", () -> sink.seen().size() > 2_000);
                source.sql("UPDATE t SET v = 'after' WHERE id % 3 = 0");
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertIncreasing(sink);
        }
    }

    /** A sink does not see an older layout after a newer one. */
    @EachPostgres
    void aTableThatIsAlteredIsReadWithItsNewLayout(int version) throws Exception {
        try (TestSource source = source(version).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL).maxRowsPerSecond(2_000);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE t SET v = 'a' WHERE id = 2000");
                Await.until("some rows", () -> sink.seen().size() > 300);
                source.sql("ALTER TABLE t ADD COLUMN added int DEFAULT 7", "UPDATE t SET v = 'b' WHERE id = 2000");
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            List<Boolean> added = sink.seen().stream()
                    .map(seen -> seen.row().containsKey("added"))
                    .toList();
            assertEquals(added.stream().sorted().toList(), added, "once there, the column stays");
            assertTrue(
                    reads(sink).stream().anyMatch(seen -> "7".equals(seen.row().get("added"))));
        }
    }

    /** The stream announces a new layout only with the next change: until then the rows have it, and the stream does not. */
    @Test
    void aTableThatIsAlteredAndNotChangedIsRead() throws Exception {
        try (TestSource source = source(18).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL).maxRowsPerSecond(2_000);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE t SET v = 'a' WHERE id = 2000");
                Await.until("some rows", () -> sink.seen().size() > 300);
                source.sql("ALTER TABLE t RENAME COLUMN v TO w", "ALTER TABLE t RENAME COLUMN w TO v");
                source.sql("ALTER TABLE t ADD COLUMN added int DEFAULT 7", "VACUUM FULL t");
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertTrue(
                    reads(sink).stream().anyMatch(seen -> "7".equals(seen.row().get("added"))));
        }
    }

    /** Changes that go by while nobody compares them with the rows make a snapshot begin anew. */
    @Test
    void aRunWithoutItMakesASnapshotBeginAnew() throws Exception {
        try (TestSource source = source(18).chunkBytes(8_192).maxRowsPerSecond(2_000)) {
            source.sql(
                    "ALTER TABLE t ADD COLUMN n int",
                    "ALTER TABLE t ALTER COLUMN v SET STORAGE EXTERNAL",
                    "INSERT INTO t SELECT n, repeat(chr(65 + n % 26), 3000), 0 FROM generate_series(1, 600) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> sink.seen().size() > 300);
                run.stop();
            }
            source.snapshot(SnapshotMode.NEVER);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE t SET n = 1");
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL).maxRowsPerSecond(0);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            Map<String, String> merged = merged(sink);
            assertEquals(600, merged.size());
            assertTrue(!merged.containsValue("missing"));
        }
    }
}
