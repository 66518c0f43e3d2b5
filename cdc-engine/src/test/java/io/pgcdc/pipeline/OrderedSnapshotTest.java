package io.pgcdc.pipeline;

import static io.pgcdc.pipeline.SnapshotResults.assertIncreasing;
import static io.pgcdc.pipeline.SnapshotResults.reads;
import static io.pgcdc.pipeline.SnapshotResults.replayed;
import static io.pgcdc.pipeline.SnapshotResults.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.snapshot.SnapshotStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are ordered while the pipeline runs. */
class OrderedSnapshotTest {

    private static final SnapshotRequest ALL = of(null);

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        TestSource source = new TestSource(PgServer.shared(version), directory)
                .snapshot(SnapshotMode.NEVER)
                .chunkBytes(8_192);
        source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n");
        return source;
    }

    private static SnapshotRequest of(@Nullable String where, String... sinks) {
        return new SnapshotRequest(List.of("public.t"), where, List.of(sinks));
    }

    private static SnapshotStatus status(RunningPipeline run, String id) {
        return run.pipeline().status().snapshots().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitState(RunningPipeline run, String id, SnapshotStatus.State state) {
        Await.until(id + " is " + state, () -> status(run, id).state() == state);
    }

    @EachPostgres
    void rowsAreReadWhileChangesAreStreamed(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                String id = run.pipeline().control().snapshot(ALL);
                for (int i = 0; i < 100; i++) {
                    source.sql(
                            "UPDATE t SET v = 'u" + i + "' WHERE id % 100 = " + i,
                            "DELETE FROM t WHERE id = " + (1_000 + i),
                            "INSERT INTO t VALUES (" + (5_000 + i) + ", 'new')");
                }
                awaitState(run, id, SnapshotStatus.State.FINISHED);
                SnapshotStatus ended = status(run, id);
                assertEquals(List.of("public.t"), ended.tables());
                assertEquals(1, ended.progress().tablesDone());
                assertEquals(ended.progress().blocks(), ended.progress().blocksDone());
                String second = run.pipeline().control().snapshot(ALL);
                assertTrue(second.compareTo(id) > 0, second + " after " + id);
                run.finish();
                assertEquals(SnapshotStatus.State.FINISHED, status(run, second).state());
            }
            assertEquals(table(source), replayed(sink));
            assertIncreasing(sink);
            assertTrue(reads(sink).size() > 4_000, reads(sink).size() + " rows were read");
        }
    }

    /** Only the sinks that are named get the rows, and only those that meet the condition. */
    @Test
    void aConditionAndASinkAreKept() throws Exception {
        try (TestSource source = source(18)) {
            CollectingSink first = new CollectingSink();
            CollectingSink other = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("first", first, "other", other))) {
                run.pipeline().control().snapshot(of("id <= 10 -- a comment", "first"));
                source.sql("INSERT INTO t VALUES (4000, 'change')");
                run.finish();
            }
            assertEquals(10, reads(first).size());
            assertEquals(11, first.seen().size());
            assertEquals(1, other.seen().size());
        }
    }

    /** A reader waits for a lock, and somebody cancels its query. */
    @Test
    void aStatementThatIsCancelledIsRepeated() throws Exception {
        try (TestSource source = source(18).maxRowsPerSecond(3_000)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                String id = run.pipeline().control().snapshot(ALL);
                Await.until("some rows", () -> sink.seen().size() > 100);
                try (Connection other = PgServer.shared(18).connect(source.database());
                        Statement lock = other.createStatement()) {
                    other.setAutoCommit(false);
                    lock.execute("LOCK TABLE t");
                    Await.until(
                            "a query that waits",
                            () -> source.ask("SELECT bool_or(pg_cancel_backend(pid)) FROM pg_locks WHERE NOT granted"
                                            + " AND relation = 't'::regclass")
                                    .equals("t"));
                    other.rollback();
                }
                run.finish();
                assertEquals(SnapshotStatus.State.FINISHED, status(run, id).state());
            }
            assertEquals(table(source), replayed(sink));
        }
    }

    /** A stop, then a start: what is in the queue is not read again. */
    @EachPostgres
    void anOrderContinuesAfterAStop(int version) throws Exception {
        try (TestSource source = source(version).maxRowsPerSecond(3_000)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                run.pipeline().control().snapshot(ALL);
                run.pipeline().control().snapshot(of("id = 7"));
                Await.until("some rows", () -> first.seen().size() > 300);
                run.stop();
            }
            assertTrue(reads(first).size() < 3_000, "the test was too slow");
            source.maxRowsPerSecond(0);
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                source.sql("DELETE FROM t WHERE id % 5 = 0 AND id > 20");
                run.finish();
            }
            assertEquals(table(source), replayed(first, second));
            assertIncreasing(first, second);
            assertTrue(reads(second).size() < 3_000, reads(second).size() + " rows were read");
            CollectingSink third = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, third)) {
                run.finish();
            }
            assertEquals(0, third.seen().size());
        }
    }

    @Test
    void anOrderIsPausedAndCancelled() throws Exception {
        try (TestSource source = source(18).maxRowsPerSecond(2_000)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                PipelineControl control = run.pipeline().control();
                String id = control.snapshot(ALL);
                String next = control.snapshot(ALL);
                String last = control.snapshot(of("id = 7"));
                Await.until("some rows", () -> sink.seen().size() > 100);
                control.pauseSnapshot(id);
                assertEquals(SnapshotStatus.State.PAUSED, status(run, id).state());
                assertEquals(SnapshotStatus.State.WAITING, status(run, next).state());
                control.cancelSnapshot(next);
                assertEquals(SnapshotStatus.State.CANCELLED, status(run, next).state());
                control.resumeSnapshot(id);
                int before = sink.seen().size();
                Await.until("more rows", () -> sink.seen().size() > before);
                control.cancelSnapshot(id);
                awaitState(run, id, SnapshotStatus.State.CANCELLED);
                awaitState(run, last, SnapshotStatus.State.FINISHED);
                source.sql("INSERT INTO t VALUES (4000, 'after')");
                run.finish();
            }
            assertTrue(reads(sink).size() < 3_000, "the test was too slow");
            assertTrue(sink.column("v").contains("after"));
        }
    }

    /** An error of one snapshot does not end the pipeline. */
    @Test
    void anOrderThatFailsEndsAlone() throws Exception {
        try (TestSource source = source(18)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                String id = run.pipeline().control().snapshot(of("1 / (id - 2000) < 5"));
                awaitState(run, id, SnapshotStatus.State.FAILED);
                assertTrue(String.valueOf(status(run, id).trouble()).contains("division by zero"));
                String next = run.pipeline().control().snapshot(of("id = 7"));
                awaitState(run, next, SnapshotStatus.State.FINISHED);
                run.pipeline().control().stopWhenCaughtUp();
                // who waits for the end must hear of the error
                assertEquals(
                        ErrorCode.SNAPSHOT_REFUSED,
                        assertInstanceOf(SourceException.class, run.awaitEnd()).code());
            }
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                String id = run.pipeline().status().snapshots().get(0).id();
                awaitState(run, id, SnapshotStatus.State.FAILED);
                String other = run.pipeline().control().snapshot(of("1 / (id - 2000) < 5"));
                awaitState(run, other, SnapshotStatus.State.FAILED);
                run.pipeline().control().cancelSnapshot(other);
                assertEquals(SnapshotStatus.State.CANCELLED, status(run, other).state());
                run.stop();
            }
            CollectingSink again = new CollectingSink();
            source.sql("DELETE FROM t WHERE id = 2000");
            try (RunningPipeline run = new RunningPipeline(source, again)) {
                run.finish();
            }
            // the next start begins it anew
            assertEquals(2_999, reads(again).size());
        }
    }

    /** A sink that is added later begins with the rows, and does not disturb the others. */
    @EachPostgres
    void anAddedSinkBeginsWithRows(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink old = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("old", old))) {
                source.sql("UPDATE t SET v = 'before' WHERE id = 1");
                run.finish();
            }
            source.sink("added", SettingValues.NONE.with(SinkSettings.START, StartFrom.SNAPSHOT));
            CollectingSink added = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("old", old, "added", added))) {
                String id = run.pipeline().status().snapshots().get(0).id();
                assertThrows(
                        SourceException.class, () -> run.pipeline().control().cancelSnapshot(id));
                source.sql("UPDATE t SET v = 'after' WHERE id % 7 = 0");
                run.finish();
            }
            assertEquals(table(source), replayed(added));
            assertEquals(List.of(), reads(old));
            assertEquals(429, old.seen().size());
            assertIncreasing(added);
            try (RunningPipeline run = new RunningPipeline(source, Map.of("old", old, "added", added))) {
                run.finish();
            }
            assertEquals(table(source), replayed(added));
        }
    }

    /** What a transaction does that runs since before the connection is not known until it ends. */
    @Test
    void anOrderWaitsForARunningTransaction() throws Exception {
        try (TestSource source = source(18);
                Connection other = PgServer.shared(18).connect(source.database());
                Statement statement = other.createStatement()) {
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish(); // creating a slot would wait for the transaction
            }
            CollectingSink sink = new CollectingSink();
            other.setAutoCommit(false);
            statement.execute("UPDATE t SET v = 'late' WHERE id = 1");
            try (ResultSet xid = statement.executeQuery("SELECT pg_current_xact_id()::text::int");
                    RunningPipeline run = new RunningPipeline(source, sink)) {
                xid.next();
                Set<Integer> xids = Set.of(xid.getInt(1));
                String id = run.pipeline().control().snapshot(ALL);
                Await.until(
                        "the transaction",
                        () -> status(run, id).progress().waitsFor().containsAll(xids));
                other.commit();
                run.finish();
                assertEquals(Set.of(), status(run, id).progress().waitsFor());
            }
            assertEquals(table(source), replayed(sink));
        }
    }

    /** An ordered table that is gone when its turn comes is named; a lock on another table keeps nobody waiting. */
    @Test
    void aTableThatIsGoneIsNamed() throws Exception {
        try (TestSource source = source(18).maxRowsPerSecond(2_000);
                Connection other = PgServer.shared(18).connect(source.database());
                Statement statement = other.createStatement()) {
            source.sql("CREATE TABLE gone (id int PRIMARY KEY)", "CREATE TABLE locked (id int PRIMARY KEY)");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                PipelineControl control = run.pipeline().control();
                control.snapshot(ALL);
                String gone = control.snapshot(new SnapshotRequest(List.of("gone"), null, List.of()));
                source.sql("DROP TABLE gone");
                Await.until("some rows", () -> sink.seen().size() > 100);
                other.setAutoCommit(false);
                statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
                Await.until("all rows", () -> reads(sink).size() == 3_000);
                source.sql("INSERT INTO t VALUES (4000, 'while a lookup waits')");
                Await.until("a change", () -> sink.column("v").contains("while a lookup waits"));
                awaitState(run, gone, SnapshotStatus.State.READING);
                other.commit();
                awaitState(run, gone, SnapshotStatus.State.FAILED);
                assertTrue(
                        String.valueOf(status(run, gone).trouble()).contains("table public.gone of snapshot " + gone));
                run.stop();
            }
        }
    }

    /** The stop comes while an order waits that had begun: what it had read does not count any more, because nobody compared its changes. */
    @Test
    void anOrderThatWaitsAtAStartBeginsAnew() throws Exception {
        try (TestSource source = source(18).maxRowsPerSecond(3_000)) {
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                run.pipeline().control().snapshot(ALL);
                Await.until("some rows", () -> first.seen().size() > 300);
                run.stop();
            }
            source.maxRowsPerSecond(0).snapshot(SnapshotMode.INITIAL);
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            // the first run's last chunk may have been in the queue only
            assertTrue(reads(second).size() >= 6_000, reads(second).size() + " rows");
            assertEquals(table(source), replayed(first, second));
        }
    }

    /** A query that finds no row sends nothing until it ends. */
    @Test
    void aQueryMayBeSilentForLong() throws Exception {
        try (TestSource source = source(18).reconnecting().statusIntervalMs(200).receiveTimeoutMs(1_000)) {
            source.sql(
                    "CREATE TABLE keyless (n int)",
                    "CREATE PUBLICATION silent FOR TABLE keyless",
                    "INSERT INTO keyless SELECT generate_series(1, 30)");
            try (RunningPipeline run = new RunningPipeline(source.publications("silent"), new CollectingSink())) {
                String id = run.pipeline()
                        .control()
                        .snapshot(new SnapshotRequest(List.of("keyless"), "pg_sleep(0.1) IS NULL", List.of()));
                awaitState(run, id, SnapshotStatus.State.FINISHED);
                run.stop();
            }
        }
    }

    /** Otherwise it would be planned again and again. */
    @Test
    void anOrderWhoseConditionFitsNoMoreEnds() throws Exception {
        try (TestSource source = source(18).maxRowsPerSecond(1_000)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                String id = run.pipeline()
                        .control()
                        .snapshot(new SnapshotRequest(List.of("t"), "v IS NOT NULL", List.of()));
                Await.until("some rows", () -> sink.seen().size() > 100);
                source.sql("ALTER TABLE t DROP COLUMN v");
                awaitState(run, id, SnapshotStatus.State.FAILED);
                String trouble = String.valueOf(status(run, id).trouble());
                assertTrue(trouble.contains("the server refuses the condition"), trouble);
                run.stop();
            }
        }
    }

    @Test
    void whatIsNotThereIsRefused() throws Exception {
        try (TestSource source = source(18)) {
            source.sql("CREATE SCHEMA other", "CREATE TABLE other.t (id int PRIMARY KEY)");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                PipelineControl control = run.pipeline().control();
                refused(control, new SnapshotRequest(List.of("nowhere"), null, List.of()), "has a table nowhere");
                refused(
                        control,
                        new SnapshotRequest(List.of("t"), null, List.of()),
                        "several published tables are called t: other.t, public.t");
                refused(control, of(null, "nobody"), "there is no sink \"nobody\"; the sinks are: out");
                refused(control, of("nothing = 1"), "column \"nothing\" does not exist");
                refused(control, of("true; DROP TABLE t"), "without a semicolon");
                refused(control, of("true) OR (true"), "syntax error");
                refused(control, of("true THEN true END OR CASE WHEN true"), "syntax error");
                assertThrows(SourceException.class, () -> control.cancelSnapshot("none"));
                assertThrows(SourceException.class, () -> control.pauseSnapshot("none"));
                run.finish();
            }
        }
    }

    private static void refused(PipelineControl control, SnapshotRequest request, String why) {
        SourceException refused = assertThrows(SourceException.class, () -> control.snapshot(request));
        assertEquals(ErrorCode.SNAPSHOT_REFUSED, refused.code());
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }
}
