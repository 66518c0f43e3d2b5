package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Position;
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
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new slot begins with the rows that exist. */
class SnapshotTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        return new TestSource(PgServer.shared(version), directory).snapshot(SnapshotMode.INITIAL);
    }

    @EachPostgres
    void rowsComeBeforeChanges(int version) throws Exception {
        try (TestSource source = source(version).chunkBytes(8_192)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("UPDATE t SET v = 'new' WHERE id = 7", "INSERT INTO t VALUES (2001, 'late')");
                run.finish();
            }
            List<CollectingSink.Seen> seen = sink.seen();
            assertEquals(2_002, seen.size());
            TreeSet<Integer> read = new TreeSet<>();
            for (int i = 0; i < 2_000; i++) {
                assertTrue(
                        seen.get(i).json().contains("\"change_type\":\"READ\""),
                        seen.get(i).json());
                assertEquals(
                        Position.ofRead(0, seen.get(0).position().commitLsn(), i),
                        seen.get(i).position());
                read.add(Integer.valueOf(String.valueOf(seen.get(i).row().get("id"))));
            }
            assertEquals(2_000, read.size());
            assertTrue(
                    seen.get(0).json().contains("\"snapshot\":\"first\""),
                    seen.get(0).json());
            assertTrue(
                    seen.get(1).json().contains("\"snapshot\":\"true\""),
                    seen.get(1).json());
            assertTrue(
                    seen.get(1_999).json().contains("\"snapshot\":\"last\""),
                    seen.get(1_999).json());
            assertEquals(List.of("new", "late"), sink.column("v").subList(2_000, 2_002));
        }
    }

    /** READ of a row equals the INSERT that the stream brings for the same row, but for position and type. */
    @EachPostgres
    void aRowLooksAsInTheStream(int version) throws Exception {
        boolean lists = version >= 15;
        try (TestSource source = source(version).publications("listed", "rooted", "generated")) {
            source.sql(
                    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                    "CREATE TABLE a (id int, gone int, \"we\\ird \"\"name\" text, k text, m mood, j jsonb, b bytea, ts timestamptz, n"
                            + " numeric(9,3)[], PRIMARY KEY (k, id))",
                    "ALTER TABLE a DROP COLUMN gone",
                    "CREATE TABLE keyless (v text)",
                    "CREATE TABLE secret (id int PRIMARY KEY, v text, hidden text)",
                    "CREATE TABLE parts (id int, day int, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
                    "CREATE TABLE parts_2 (v text, day int NOT NULL, id int NOT NULL)",
                    "ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM (10) TO (20)",
                    "CREATE TABLE leaves (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                    "CREATE TABLE leaves_1 PARTITION OF leaves FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                    "CREATE TABLE leaves_2 PARTITION OF leaves FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                    "CREATE TABLE summed (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "CREATE TABLE empty (id int PRIMARY KEY)",
                    "ALTER TABLE a REPLICA IDENTITY FULL",
                    "CREATE PUBLICATION listed FOR TABLE a, keyless, leaves, empty, secret"
                            + (lists ? " (id, v) WHERE (id > 1)" : ""),
                    "CREATE PUBLICATION rooted FOR TABLE parts WITH (publish_via_partition_root)",
                    "CREATE PUBLICATION generated FOR TABLE summed"
                            + (version >= 18 ? " WITH (publish_generated_columns = stored)" : ""));
            List<String> rows = List.of(
                    "INSERT INTO a SELECT n, E'tab\\t back\\\\ \\n \\r \\\\N ä' || n, 'k' || n, 'ok', '{\"x\": \"\\\\t\"}', '\\xdead0a09',"
                            + " '2026-01-02 03:04:05.678+09', '{1.5,NULL}' FROM generate_series(1, 3) n",
                    "INSERT INTO a (id, k) VALUES (9, '')",
                    "INSERT INTO keyless VALUES ('twice'), ('twice'), (NULL)",
                    "INSERT INTO secret VALUES (1, 'filtered', 'x'), (2, 'seen', 'y')",
                    "INSERT INTO parts VALUES (1, 5, 'one'), (2, 15, 'two')",
                    "INSERT INTO leaves SELECT n, 'leaf' FROM generate_series(1, 4) n",
                    "INSERT INTO summed VALUES (21)");
            source.sql(rows.toArray(String[]::new));
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql(
                        "DELETE FROM a",
                        "DELETE FROM secret",
                        "DELETE FROM parts",
                        "DELETE FROM leaves",
                        "DELETE FROM summed");
                source.sql(rows.toArray(String[]::new));
                run.finish();
            }
            List<String> read = records(sink, "READ");
            assertEquals(records(sink, "INSERT"), read);
            assertEquals(lists ? 15 : 16, read.size());
        }
    }

    /** Returns the records of a type without their positions and times, sorted. */
    private static List<String> records(CollectingSink sink, String type) {
        return sink.seen().stream()
                .map(CollectingSink.Seen::json)
                .filter(json -> json.contains("\"change_type\":\"" + type + "\""))
                .map(json -> json.substring(json.indexOf("\"schema_name\""), json.indexOf("\"changed_at\"")))
                .sorted()
                .toList();
    }

    /** A chunk's rows are in memory at once. With values from TOAST a few blocks may be large. */
    @Test
    void aPartWithLargeValuesIsDivided() throws Exception {
        try (TestSource source = source(18).chunkBytes(8_192)) {
            source.sql(
                    "ALTER TABLE t ALTER COLUMN v SET STORAGE EXTERNAL",
                    "INSERT INTO t SELECT n, repeat(chr(96 + n), 50000) FROM generate_series(1, 20) n");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            assertEquals(20, sink.seen().size());
            assertEquals(new TreeSet<>(sink.column("id")).size(), 20);
            assertTrue(
                    sink.offered().size() >= 20, "one row is a chunk, because two are larger than 8 times 8192 bytes");
        }
    }

    /** The state of table t after all changes, by id. */
    private static Map<String, String> replayed(CollectingSink... sinks) {
        Map<String, String> rows = new TreeMap<>();
        for (CollectingSink sink : sinks) {
            for (CollectingSink.Seen seen : sink.seen()) {
                String id = String.valueOf(seen.row().get("id"));
                if (seen.json().contains("\"change_type\":\"DELETE\"")) {
                    rows.remove(seen.json().replaceAll(".*\"record_id\":\"([^\"]*)\".*", "$1"));
                } else if (seen.json().contains("\"change_type\":\"TRUNCATE\"")) {
                    rows.clear();
                } else {
                    rows.put(id, String.valueOf(seen.row().get("v")));
                }
            }
        }
        return rows;
    }

    private static Map<String, String> table(TestSource source) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : source.ask("SELECT coalesce(string_agg(id || '=' || coalesce(v, 'null'), ','), '') FROM t")
                .split(",")) {
            if (!line.isEmpty()) {
                rows.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        return rows;
    }

    private static List<CollectingSink.Seen> reads(CollectingSink sink) {
        return sink.seen().stream()
                .filter(seen -> seen.json().contains("\"change_type\":\"READ\""))
                .toList();
    }

    private static void assertIncreasing(CollectingSink... sinks) {
        Position last = null;
        for (CollectingSink sink : sinks) {
            for (Position position : sink.positions()) {
                assertTrue(last == null || last.compareTo(position) < 0, last + " before " + position);
                last = position;
            }
        }
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
     * An UPDATE that leaves a value in TOAST unchanged is sent without it. If it overtakes the row's chunk, or moves the row to where reading is
     * done, the row is read again by its key.
     */
    @EachPostgres
    void toastUpdateOvertakesChunk(int version) throws Exception {
        try (TestSource source = source(version).snapshot(SnapshotMode.NEVER).chunkBytes(8_192)) {
            source.sql(
                    "ALTER TABLE t ADD COLUMN n int",
                    "ALTER TABLE t ALTER COLUMN v SET STORAGE EXTERNAL",
                    "INSERT INTO t SELECT n, repeat(chr(65 + n % 26), 3000), 0 FROM generate_series(1, 2000) n");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.snapshot(SnapshotMode.INITIAL);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                for (int i = 1; i <= 40; i++) {
                    source.sql("UPDATE t SET n = " + i + " WHERE id % 40 = " + i % 40);
                }
                run.finish();
            }
            Map<String, String> merged = merged(sink);
            assertEquals(2_000, merged.size());
            assertEquals(
                    List.of(),
                    merged.keySet().stream()
                            .filter(id -> !String.valueOf((char) (65 + Integer.parseInt(id) % 26))
                                    .repeat(3_000)
                                    .equals(merged.get(id)))
                            .toList());
        }
    }

    /** The value of v of each row, as a sink has it that keeps a value that was not sent. */
    private static Map<String, String> merged(CollectingSink sink) {
        Map<String, String> rows = new TreeMap<>();
        for (CollectingSink.Seen seen : sink.seen()) {
            String id = String.valueOf(seen.row().get("id"));
            String v = seen.row().get("v");
            if (v != null) {
                rows.put(id, v);
            } else {
                rows.putIfAbsent(id, "missing");
            }
        }
        return rows;
    }

    /** With a synchronous standby that does not answer, the stream brings commits that no query sees yet. */
    @Test
    void changesThatWaitForAStandbyOvertakeRows() throws Exception {
        try (PgServer server = PgServer.start(18)) {
            try (TestSource source = new TestSource(server, directory)
                    .snapshot(SnapshotMode.NEVER)
                    .chunkBytes(8_192)) {
                source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 1000) n");
                try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                    run.finish();
                }
                source.snapshot(SnapshotMode.INITIAL);
                CollectingSink sink = new CollectingSink();
                try (RunningPipeline run = new RunningPipeline(source.maxRowsPerSecond(2_000), sink);
                        Connection other = server.connect(source.database())) {
                    source.sql("UPDATE t SET v = 'first' WHERE id = 1000");
                    Await.until("the table's layout", () -> sink.column("v").contains("first"));
                    admin(server, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
                    Thread waiting = new Thread(() -> {
                        try (Statement statement = other.createStatement()) {
                            statement.execute("UPDATE t SET v = 'waiting' WHERE id % 10 = 0");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    waiting.start();
                    Await.until("the change", () -> sink.column("v").contains("waiting"));
                    int before = sink.seen().size();
                    Await.until("rows after it", () -> sink.seen().size() > before + 100);
                    admin(server, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
                    waiting.join();
                    run.finish();
                }
                assertEquals(table(source), replayed(sink));
            }
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

    /** Rows without a key, or whose updates are not published, are read at once. */
    @EachPostgres
    void tablesThatCannotBeReadInPartsAreReadWhole(int version) throws Exception {
        try (TestSource source =
                source(version).snapshot(SnapshotMode.NEVER).publications("few").chunkBytes(65_536)) {
            source.sql(
                    "CREATE TABLE keyless (v text)",
                    "CREATE TABLE inserted (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION few FOR TABLE keyless, inserted WITH (publish = 'insert')",
                    "INSERT INTO keyless SELECT 'same' FROM generate_series(1, 2000)",
                    "INSERT INTO inserted SELECT n FROM generate_series(1, 2000) n");
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

    /** Nobody knows if the snapshot of a slot was finished whose queue is gone. */
    @Test
    void aSlotWithoutItsQueueIsRefused() throws Exception {
        try (TestSource source = source(18)) {
            source.sql("INSERT INTO t VALUES (1)");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            AssertionError error =
                    assertThrows(AssertionError.class, () -> source.otherQueue().run(new CollectingSink()));
            SourceException e = assertInstanceOf(SourceException.class, error.getCause());
            assertEquals(ErrorCode.SNAPSHOT_UNKNOWN, e.code());
        }
    }

    @Test
    void aFinishedSnapshotIsNotRepeated() throws Exception {
        try (TestSource source = source(18)) {
            source.sql("INSERT INTO t VALUES (1)");
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                run.finish();
            }
            source.sql("INSERT INTO t VALUES (2)");
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(List.of("1"), first.column("id"));
            assertEquals(List.of("2"), second.column("id"));
        }
    }

    /** The slot stays, so a later run continues with the changes. */
    @Test
    void onlyTheRows() throws Exception {
        try (TestSource source = source(18).snapshot(SnapshotMode.ONLY)) {
            source.sql("INSERT INTO t VALUES (1)");
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                assertEquals(null, run.awaitEnd());
            }
            source.sql("INSERT INTO t VALUES (2)");
            source.snapshot(SnapshotMode.INITIAL);
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(List.of("1"), first.column("id"));
            assertEquals(List.of("2"), second.column("id"));
        }
    }

    /** A policy would hide rows, and nobody would notice. */
    @EachPostgres
    void hiddenAndForbiddenTablesAreNamed(int version) throws Exception {
        try (TestSource source = source(version).publications("mine")) {
            String role = "reader_" + source.database();
            source.sql(
                    "CREATE PUBLICATION mine FOR TABLE t",
                    "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'secret'",
                    "INSERT INTO t VALUES (1)");
            source.url(source.url().replace("postgres@", role + ":secret@"));
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                String message = refused(run);
                assertTrue(message.contains("GRANT SELECT ON \"public\".\"t\""), message);
            }
            source.sql(
                    "GRANT SELECT ON t TO " + role,
                    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY none ON t USING (false)");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                String message = refused(run);
                assertTrue(message.contains("BYPASSRLS"), message);
            }
            source.sql("ALTER ROLE " + role + " BYPASSRLS");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            assertEquals(List.of("1"), sink.column("id"));
            source.sql("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    private static String refused(RunningPipeline run) throws Exception {
        SourceException e = assertInstanceOf(SourceException.class, run.awaitEnd());
        assertEquals(ErrorCode.PRIVILEGE_MISSING, e.code());
        return String.valueOf(e.getMessage());
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
                    "INSERT INTO t SELECT n, repeat(chr(65 + n % 26), 3000), 0 FROM generate_series(1, 1500) n");
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
            assertEquals(1_500, merged.size());
            assertTrue(!merged.containsValue("missing"));
        }
    }
}
