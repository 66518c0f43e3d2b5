package io.pgcdc.pipeline;

import static io.pgcdc.pipeline.SnapshotResults.assertIncreasing;
import static io.pgcdc.pipeline.SnapshotResults.reads;
import static io.pgcdc.pipeline.SnapshotResults.replayed;
import static io.pgcdc.pipeline.SnapshotResults.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.snapshot.SnapshotMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways in which the snapshots of other tools have lost rows, by their users' reports. Each test brings one about, and nothing is lost. */
class PublishedLossesTest {

    private static final int ROWS = 1_000;

    @TempDir
    Path directory;

    private TestSource source(int version) throws SQLException {
        return new TestSource(PgServer.shared(version), directory).snapshot(SnapshotMode.INITIAL);
    }

    /**
     * The slot is made after the snapshot was read. Lost: what commits in between, for it is in neither. Here the slot exports the snapshot, so
     * both begin at one point. A transaction that is open when the slot is made delays that point; what commits meanwhile is read.
     */
    @EachPostgres
    void slotMadeAfterTheSnapshotWasRead(int version) throws Exception {
        try (TestSource source = source(version);
                Connection other = source.server().connect(source.database());
                Statement open = other.createStatement()) {
            source.sql("INSERT INTO t VALUES (1, 'before')");
            other.setAutoCommit(false);
            open.execute("INSERT INTO t VALUES (2, 'open')");
            CompletableFuture<Void> meanwhile = CompletableFuture.runAsync(() -> {
                try {
                    Await.until(
                            "the slot, which waits for the open transaction",
                            () -> "1"
                                    .equals(source.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                                            + source.slot() + "' AND confirmed_flush_lsn IS NULL")));
                    source.sql(
                            "INSERT INTO t VALUES (3, 'meanwhile')",
                            "UPDATE t SET v = 'changed meanwhile' WHERE id = 1");
                    other.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                meanwhile.join();
                source.sql("INSERT INTO t VALUES (4, 'after')");
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertEquals(3, reads(sink).size());
            assertEquals(4, sink.seen().size(), "each row is there once");
        }
    }

    /**
     * The connections that read are not pinned to one snapshot. Lost: rows that an UPDATE moves from a part that is not read yet into one that
     * was, with their values from TOAST, which the UPDATE does not send; and the state that all rows had at one moment. Here each part shows the
     * slot's state, whichever connection reads it, and when.
     */
    @EachPostgres
    void connectionsNotPinnedToOneSnapshot(int version) throws Exception {
        try (TestSource source =
                source(version).reconnecting().chunkBytes(8_192).maxRowsPerSecond(500)) {
            source.sql(
                    "ALTER TABLE t ADD COLUMN n int",
                    "INSERT INTO t SELECT n, repeat('x', 100), 0 FROM generate_series(1, " + ROWS + ") n");
            Map<String, String> before = table(source);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> sink.seen().size() > 100);
                source.sql(
                        "UPDATE t SET v = 'changed', n = 1 WHERE id % 2 = 0",
                        "DELETE FROM t WHERE id % 3 = 0",
                        "INSERT INTO t SELECT n, 'new' FROM generate_series(10001, 10100) n");
                assertTrue(sink.seen().size() < ROWS, "the test was too slow");
                Await.until(
                        "the end of a connection that reads",
                        () -> !"0"
                                .equals(
                                        source.ask(
                                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                                        + " WHERE datname = current_database() AND (btrim(query) = 'COMMIT' OR query LIKE 'COPY (%')")));
                assertTrue(sink.seen().size() < ROWS, "the test was too slow");
                run.finish();
            }
            assertEquals(before, rowsRead(sink));
            assertEquals(ROWS, reads(sink).size(), "each row is read once");
            assertEquals(table(source), replayed(sink));
            assertIncreasing(sink);
        }
    }

    private static Map<String, String> rowsRead(CollectingSink sink) {
        Map<String, String> rows = new TreeMap<>();
        reads(sink)
                .forEach(seen -> rows.put(
                        String.valueOf(seen.row().get("id")),
                        String.valueOf(seen.row().get("v"))));
        return rows;
    }

    /**
     * Writes during a snapshot are lost. Some tools begin the stream where the snapshot ends, or drop what their buffer cannot hold meanwhile.
     * Here the slot keeps them: the stream begins where the rows were as they are shown.
     */
    @EachPostgres
    void writesDuringASnapshot(int version) throws Exception {
        try (TestSource source = source(version).chunkBytes(8_192).maxRowsPerSecond(500)) {
            source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, " + ROWS + ") n");
            CollectingSink sink = new CollectingSink();
            List<String> written = new ArrayList<>();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Await.until("some rows", () -> sink.seen().size() > 100);
                for (int i = 0; i < 50; i++) {
                    // read already, or not yet; there before, or not; gone again
                    source.sql(
                            "UPDATE t SET v = 'u" + i + "' WHERE id = " + (1 + i),
                            "UPDATE t SET v = 'u" + i + "' WHERE id = " + (ROWS - i),
                            "INSERT INTO t VALUES (" + (5_000 + i) + ", 'new')",
                            "DELETE FROM t WHERE id = " + (500 + i),
                            "INSERT INTO t VALUES (6000, 'short')",
                            "DELETE FROM t WHERE id = 6000");
                    written.addAll(List.of("UPDATE", "UPDATE", "INSERT", "DELETE", "INSERT", "DELETE"));
                }
                assertTrue(sink.seen().size() < ROWS, "the test was too slow");
                run.finish();
            }
            List<String> types = sink.seen().stream()
                    .map(seen -> seen.json().replaceAll(".*\"change_type\":\"([A-Z]+)\".*", "$1"))
                    .toList();
            assertEquals(ROWS, reads(sink).size());
            assertEquals(written, types.subList(ROWS, types.size()), "each write is there once, after the rows");
            assertEquals(table(source), replayed(sink));
        }
    }

    /** Takes all, and never says that it has it durably. */
    private static final class Forgetful implements Sink {

        private final AtomicLong changes = new AtomicLong();

        @Override
        public Durability write(Batch batch) {
            batch.forEach(change -> changes.incrementAndGet());
            return Durability.ACCEPTED;
        }

        @Override
        public Durability flush() {
            return Durability.ACCEPTED;
        }

        @Override
        public void close() {}
    }

    /**
     * Rows of a snapshot are not acknowledged before the stream begins. Lost: rows that were under way when the process or the target ended, for
     * the tool remembers only how far the stream is. Here the queue has the rows until the sink says that it has them durably. That the server
     * has forgotten its WAL does not matter.
     */
    @EachPostgres
    void rowsNotAcknowledgedBeforeTheStreamBegins(int version) throws Exception {
        try (TestSource source = source(version).confirm(ConfirmPolicy.QUEUE)) {
            source.sql("INSERT INTO t SELECT n, 'row' FROM generate_series(1, 100) n");
            Forgetful target = new Forgetful();
            try (RunningPipeline run = new RunningPipeline(source, target)) {
                source.sql("UPDATE t SET v = 'changed' WHERE id = 1");
                Await.until("a change of the stream", () -> target.changes.get() == 101);
                long lsn = source.walLsn();
                Await.until(
                        "the server to know that it may forget",
                        () -> Lsn.compare(source.confirmedFlushLsn(), lsn) >= 0);
                run.stop();
            }
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            assertEquals(table(source), replayed(sink));
            assertEquals(100, reads(sink).size());
            assertEquals(101, sink.seen().size());
        }
    }

    /** The same if the power fails: the stream does not begin before the disk has all rows. */
    @Test
    void rowsNotDurableBeforeTheStreamBegins() {
        PowerlessMachine machine = new PowerlessMachine();
        assertThrows(PowerlessMachine.StreamBegins.class, machine::capture);
        assertTrue(machine.finished(), "the rows count as delivered");
        machine.losePower();
        assertEquals(PowerlessMachine.ROWS, machine.rowsAfterCrash());
    }
}
