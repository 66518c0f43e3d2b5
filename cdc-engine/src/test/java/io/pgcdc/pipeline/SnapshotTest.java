package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Position;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.snapshot.SnapshotMode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
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
}
