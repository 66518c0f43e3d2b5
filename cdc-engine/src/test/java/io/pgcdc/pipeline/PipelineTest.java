package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.CollectingSink.Seen;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Durability;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.SystemIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from a real server reach a sink. */
class PipelineTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws Exception {
        return new TestSource(PgServer.shared(version), directory);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    // ---- order, whole transactions, restart

    @Test
    void aCreatedSlotMayBeAFailoverSlot() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(18), directory).failoverSlot()) {
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                assertEquals(
                        "t",
                        source.ask(
                                "SELECT failover FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "'"));
                run.stop();
            }
        }
    }

    /** Refused before anything is created. */
    @Test
    void anOlderServerHasNoFailoverSlots() throws Exception {
        try (TestSource source = new TestSource(PgServer.shared(14), directory).failoverSlot()) {
            AssertionError error =
                    assertThrows(AssertionError.class, () -> new RunningPipeline(source, new CollectingSink()));
            assertEquals(
                    ErrorCode.SERVER_TOO_OLD,
                    assertInstanceOf(SourceException.class, error.getCause()).code());
            assertEquals("0", source.ask("SELECT count(*) FROM pg_publication"));
        }
    }

    @EachPostgres
    void aSinkSeesEveryChangeOnceInOrder(int version) throws Exception {
        try (TestSource source = source(version).segmentBytes(4_096)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                for (int i = 0; i < 20; i++) {
                    source.sql("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(" + (100 * i + 1) + ","
                            + (100 * i + 100) + ") n");
                }
                run.finish();
            }
            assertEquals(numbers(1, 2_000), sink.column("id"));
            assertOrdered(sink.positions());
            assertTrue(sink.isClosed());
            assertEquals(1, sink.callers().size(), "one thread, the sink's own, calls all methods");
        }
    }

    /** Checks that positions strictly increase, and that each transaction's ordinals are 0, 1, 2, … */
    private static void assertOrdered(List<Position> positions) {
        for (int i = 0; i < positions.size(); i++) {
            Position here = positions.get(i);
            boolean goesOn = i > 0 && positions.get(i - 1).commitLsn() == here.commitLsn();
            assertEquals(goesOn ? positions.get(i - 1).ordinal() + 1 : 0, here.ordinal(), here.toString());
            if (i > 0) {
                assertTrue(positions.get(i - 1).compareTo(here) < 0, here.toString());
            }
        }
    }

    @EachPostgres
    void aRestartLosesAndRepeatsNothing(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t SELECT n FROM generate_series(1, 10) n");
                Await.until("the first rows", () -> sink.seen().size() == 10);
                run.stop();
            }
            source.sql("INSERT INTO t SELECT n FROM generate_series(11, 20) n");
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                source.sql("INSERT INTO t SELECT n FROM generate_series(21, 30) n");
                run.finish();
            }
            assertEquals(numbers(1, 10), sink.column("id"));
            assertEquals(numbers(11, 30), second.column("id"));
        }
    }

    @Test
    void withoutASinkCheckpointTheWholeQueueIsDelivered() throws Exception {
        try (TestSource source = source(18).confirm(ConfirmPolicy.QUEUE)) {
            CountDownLatch never = new CountDownLatch(1);
            CollectingSink sink = new CollectingSink().answering(batch -> {
                never.await();
                return Durability.DURABLE;
            });
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t SELECT n FROM generate_series(1, 10) n");
                long written = source.walLsn();
                Await.until("the queue to be confirmed", () -> Lsn.compare(source.confirmedFlushLsn(), written) >= 0);
                assertEquals(List.of(), sink.seen());
                run.pipeline().control().stop();
                assertNull(run.awaitEnd(), "the sink hangs, and is given up");
            }
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(numbers(1, 10), second.column("id"));
            assertEquals(1, sink.callers().size(), "a sink that hangs is not called by another thread");
        }
    }

    @EachPostgres
    void aLargeTransactionArrivesWhole(int version) throws Exception {
        try (TestSource source = source(version).segmentBytes(4_096)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t SELECT n, repeat('x', 500) FROM generate_series(1, 1000) n");
                source.sql("INSERT INTO t VALUES (1001, 'small')");
                run.finish();
            }
            assertEquals(numbers(1, 1_001), sink.column("id"));
            assertTrue(sink.offered().size() > 100, sink.offered().size() + " batches");
            assertOrdered(sink.positions());
        }
    }

    @Test
    void anInterruptedFirstStartIsRepeated() throws Exception {
        try (TestSource source = source(18)) {
            source.sql(
                    "CREATE PUBLICATION everything FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.slot() + "', 'pgoutput')");
            bindQueue(source);
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                run.finish();
            }
            assertEquals(List.of("1"), sink.column("id"));
        }
    }

    /** Simulates a start that ended between the queue's identity and its first checkpoint. */
    private static void bindQueue(TestSource source) throws Exception {
        var address = source.config().source().address();
        try (QueueDirectory queue = QueueDirectory.open(source.queue());
                ReplicationConnection connection = ReplicationConnection.open(
                        address.jdbcUrl(), address.properties(), address.describe(), 60_000)) {
            SystemIdentity system = connection.identifySystem();
            int oid = Integer.parseInt(source.ask("SELECT oid FROM pg_database WHERE datname = current_database()"));
            queue.bind(new QueueIdentity(
                    system.systemIdentifier(),
                    source.database(),
                    oid,
                    source.slot(),
                    system.timeline(),
                    Instant.now()));
        }
    }

    // ---- acknowledgement

    @EachPostgres
    void withConfirmSinksABlockedSinkHoldsTheSlot(int version) throws Exception {
        try (TestSource source = source(version)) {
            CountDownLatch release = new CountDownLatch(1);
            CollectingSink sink = new CollectingSink().answering(batch -> {
                release.await();
                return Durability.DURABLE;
            });
            try (RunningPipeline run = new RunningPipeline(source.statusIntervalMs(100), sink)) {
                long before = source.walLsn();
                source.sql("INSERT INTO t VALUES (1)");
                long commit = source.walLsn();
                Await.until("the batch", () -> !sink.offered().isEmpty());
                // other WAL and several status messages must not move the slot past the row
                String reply = source.ask("SELECT max(reply_time) FROM pg_stat_replication");
                source.sql("SELECT pg_logical_emit_message(true, 'not ours', 'x')");
                Await.until(
                        "another status",
                        () -> !reply.equals(source.ask("SELECT max(reply_time) FROM pg_stat_replication")));
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), commit) < 0);
                release.countDown();
                Await.until("the slot to move", () -> Lsn.compare(source.confirmedFlushLsn(), commit) >= 0);
                assertTrue(Lsn.compare(commit, before) > 0);
                run.stop();
            }
        }
    }

    @EachPostgres
    void aSinkThatAcceptsIsConfirmedByItsFlush(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink().answering(batch -> Durability.ACCEPTED);
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                long commit = source.walLsn();
                Await.until("the slot to move", () -> Lsn.compare(source.confirmedFlushLsn(), commit) >= 0);
                assertTrue(sink.flushes() > 0);
                run.stop();
            }
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(List.of(), second.seen());
        }
    }

    @EachPostgres
    void aMessageArrivesOnceAndAnIdleSlotAdvances(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("SELECT pg_logical_emit_message(false, 'note', 'hello')");
                Await.until("the message", () -> sink.seen().size() == 1);
                run.stop();
            }
            assertTrue(sink.seen().get(0).json().contains("\"content\":\"hello\""));
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                // WAL without changes
                source.sql("CREATE TABLE other (id int)");
                run.finish();
            }
            assertEquals(List.of(), second.seen());
        }
    }

    // ---- several sinks, and failures

    @Test
    void aSlowSinkDoesNotDelayAnother() throws Exception {
        try (TestSource source = source(18)) {
            CountDownLatch release = new CountDownLatch(1);
            CollectingSink slow = new CollectingSink().answering(batch -> {
                release.await();
                return Durability.DURABLE;
            });
            CollectingSink quick = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, Map.of("slow", slow, "quick", quick))) {
                source.sql("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
                Await.until("the quick sink", () -> quick.seen().size() == 2);
                assertEquals(List.of(), slow.seen());
                release.countDown();
                run.finish();
            }
            assertEquals(quick.positions(), slow.positions());
        }
    }

    @EachPostgres
    void aTemporaryFailureRepeatsTheBatch(int version) throws Exception {
        try (TestSource source = source(version)) {
            AtomicInteger attempts = new AtomicInteger();
            CollectingSink sink = new CollectingSink().answering(batch -> {
                if (attempts.incrementAndGet() <= 3) {
                    throw new SinkException(ErrorCode.SINK_WRITE_FAILED, "busy; test; wait.");
                }
                return Durability.DURABLE;
            });
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
                run.finish();
            }
            assertEquals(4, attempts.get());
            for (List<Seen> attempt : sink.offered()) {
                assertEquals(sink.seen(), attempt);
            }
            assertEquals(numbers(1, 2), sink.column("id"));
        }
    }

    @Test
    void anyOtherFailureEndsTheRun() throws Exception {
        try (TestSource source = source(18)) {
            SinkException closed = new SinkException(ErrorCode.SINK_CLOSED, "gone; test; start again.");
            CollectingSink sink = new CollectingSink().answering(batch -> {
                throw closed;
            });
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                long before = source.confirmedFlushLsn();
                source.sql("INSERT INTO t VALUES (1)");
                long commit = source.walLsn();
                assertSame(closed, run.awaitEnd());
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), commit) < 0);
                assertTrue(Lsn.compare(source.confirmedFlushLsn(), before) >= 0);
            }
            assertEquals(1, sink.offered().size());
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(List.of("1"), second.column("id"));
        }
    }

    @Test
    void aRowThatIsTooLargeNamesTableAndSize() throws Exception {
        try (TestSource source = source(18).maxRowBytes(10_000)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1, repeat('x', 10000))");
                CdcException e = assertInstanceOf(SourceException.class, run.awaitEnd());
                assertEquals(ErrorCode.ROW_TOO_LARGE, e.code());
                assertTrue(e.getMessage().contains("public.t takes 100"), e.getMessage());
            }
        }
    }

    // ---- layouts

    @EachPostgres
    void rowsKeepTheirLayoutAfterARestart(int version) throws Exception {
        try (TestSource source = source(version)) {
            // create the slot first: the rows are read later, when the catalog has changed
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.sql(
                    "INSERT INTO t VALUES (1, 'one')",
                    "ALTER TABLE t ADD COLUMN n int DEFAULT 7",
                    "INSERT INTO t VALUES (2, 'two', 2)",
                    "ALTER TABLE t RENAME COLUMN v TO w",
                    "INSERT INTO t VALUES (3, 'three', 3)");
            CollectingSink first = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, first)) {
                run.finish();
            }
            source.sql(
                    "INSERT INTO t VALUES (4, 'four', 4)",
                    "ALTER TABLE t ALTER COLUMN n TYPE text",
                    "INSERT INTO t VALUES (5, 'five', 'no number')",
                    "DROP TABLE t",
                    "CREATE TABLE t (id text PRIMARY KEY)",
                    "INSERT INTO t VALUES ('again')");
            CollectingSink second = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, second)) {
                run.finish();
            }
            assertEquals(
                    List.of(
                            "{\"id\":1,\"v\":\"one\"}",
                            "{\"id\":2,\"v\":\"two\",\"n\":2}",
                            "{\"id\":3,\"w\":\"three\",\"n\":3}"),
                    newData(first));
            assertEquals(
                    List.of(
                            "{\"id\":4,\"w\":\"four\",\"n\":4}",
                            "{\"id\":5,\"w\":\"five\",\"n\":\"no number\"}",
                            "{\"id\":\"again\"}"),
                    newData(second));
        }
    }

    private static List<String> newData(CollectingSink sink) {
        return sink.seen().stream()
                .map(change -> change.json().replaceAll(".*\"new_data\":(\\{.*?\\}),\"changed_fields.*", "$1"))
                .toList();
    }

    @EachPostgres
    void aDroppedTypeIsDeliveredAsText(int version) throws Exception {
        try (TestSource source = source(version)) {
            source.sql(
                    "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                    "CREATE TYPE pair AS (a int, b text)",
                    "CREATE TABLE feelings (id int PRIMARY KEY, m mood, p pair)");
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.finish();
            }
            source.sql(
                    "INSERT INTO feelings VALUES (1, 'happy', (1, 'x'))",
                    "DROP TABLE feelings",
                    "DROP TYPE mood",
                    "DROP TYPE pair");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                run.finish();
            }
            assertEquals(List.of("{\"id\":1,\"m\":\"happy\",\"p\":\"(1,x)\"}"), newData(sink));
            // the stream flags the key columns
            assertTrue(
                    sink.seen().get(0).json().contains("\"record_id\":\"1\""),
                    sink.seen().get(0).json());
        }
    }

    @EachPostgres
    void aKilledCatalogConnectionIsReopened(int version) throws Exception {
        try (TestSource source = source(version)) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the first row", () -> sink.seen().size() == 1);
                String killed = source.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE backend_type = 'client backend' AND application_name = 'pgcdc'"
                        + " AND datname = current_database()");
                assertEquals("1", killed);
                source.sql("CREATE TABLE u (id int PRIMARY KEY)", "INSERT INTO u VALUES (2)");
                run.finish();
            }
            assertEquals(numbers(1, 2), sink.column("id"));
        }
    }

    /** Another table is locked. On 15 and later, pg_publication_tables opens every table of the publication. */
    @EachPostgres
    void aLockedTableDoesNotDelayOthers(int version) throws Exception {
        try (TestSource source = source(version)) {
            source.sql("CREATE TABLE locked (id int PRIMARY KEY)");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source, sink);
                    var other = source.server().connect(source.database());
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the row beside the lock", () -> sink.seen().size() == 1);
                other.rollback();
                run.stop();
            }
        }
    }

    @Test
    void aStopBeforeTheStartEndsTheRunCleanly() throws Exception {
        try (TestSource source = source(18)) {
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                run.pipeline().control().stopWhenCaughtUp();
                assertNull(run.awaitEnd());
                assertFalse(run.isRunning());
            }
            assertEquals(
                    "1",
                    Objects.requireNonNull(source.ask(
                            "SELECT count(*) FROM pg_replication_slots WHERE" + " database = current_database()")));
        }
    }
}
