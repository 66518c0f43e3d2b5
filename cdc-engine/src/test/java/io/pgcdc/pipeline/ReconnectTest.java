package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FaultProxy;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lost connection is replaced without help. No change is lost or repeated. */
class ReconnectTest {

    @TempDir
    Path directory;

    private TestSource source(int version) throws Exception {
        return new TestSource(PgServer.shared(version), directory)
                .reconnecting()
                .statusIntervalMs(200);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    /** Invariant 3: the connection is lost inside a transaction, after parts of it are in the queue. */
    @EachPostgres
    void invariant3ATransactionThatWasCutOffArrivesOnce(int version) throws Exception {
        try (TestSource source = source(version).segmentBytes(4_096);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), sink)) {
                int rows = 0;
                for (int round = 0; round < 3; round++) {
                    rows++;
                    source.sql("INSERT INTO t VALUES (" + rows + ")");
                    int seen = rows;
                    Await.until("the row before", () -> sink.seen().size() == seen);
                    proxy.stallAfter(60_000 + 10_000 * round);
                    source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(" + (rows + 1) + ", "
                            + (rows + 100) + ") n");
                    rows += 100;
                    Await.until("the stall inside the transaction", proxy::isStalled);
                    proxy.cut();
                    proxy.resume();
                    int all = rows;
                    Await.until("the rows", () -> sink.seen().size() == all);
                }
                run.finish();
                assertEquals(numbers(1, rows), sink.column("id"));
            }
        }
    }

    /** The dead connection's walsender still holds the slot, because it waits for space in its socket. */
    @EachPostgres
    void aDeadWalsenderIsWaitedFor(int version) throws Exception {
        try (TestSource source = source(version).receiveTimeoutMs(1_000);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            source.sql("ALTER ROLE postgres IN DATABASE " + source.database() + " SET wal_sender_timeout = '3s'");
            CollectingSink sink = new CollectingSink();
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), sink)) {
                source.sql("INSERT INTO t VALUES (1)");
                Await.until("the first row", () -> sink.seen().size() == 1);
                // the old connections stay blocked, new ones work
                proxy.abandon();
                source.sql("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(2, 5000) n");
                Await.until("the rows", () -> sink.seen().size() == 5_000);
                run.finish();
            }
            assertEquals(numbers(1, 5_000), sink.column("id"));
        }
    }

    /**
     * The network goes while a connection is being made: in the login, in a check, before the stream begins. It must not be waited for, and
     * the next connection has to come.
     */
    @Test
    void aNetworkLostWhileReconnectingTimesOut() throws Exception {
        try (TestSource source = source(18).receiveTimeoutMs(1_000);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            source.sql("ALTER ROLE postgres IN DATABASE " + source.database() + " SET wal_sender_timeout = '1s'");
            source.through(proxy.port()).url(source.url() + "?connect_timeout=1");
            CollectingSink sink = new CollectingSink();
            int strikes = Soak.count(3, 40);
            long whole = 0;
            for (int strike = 0; strike <= strikes; strike++) {
                try (RunningPipeline run = new RunningPipeline(source, sink)) {
                    arrives(2 * strike + 1, source, sink);
                    long before = proxy.forwarded();
                    if (strike > 0) {
                        proxy.stallAfter(whole * strike / (strikes + 1));
                    }
                    proxy.cut();
                    // so that each connection sends as many bytes as the measured one
                    source.sql("INSERT INTO t VALUES (" + (2 * strike + 2) + ")");
                    if (strike > 0) {
                        Await.until("the stall while connecting", proxy::isStalled);
                        // blocked connections stay blocked, and new ones work
                        proxy.abandon();
                        proxy.resume();
                    }
                    int rows = 2 * strike + 2;
                    Await.until("row " + rows, () -> sink.seen().size() == rows);
                    whole = strike > 0 ? whole : proxy.forwarded() - before;
                    run.finish();
                }
            }
            assertEquals(numbers(1, 2 * strikes + 2), sink.column("id"));
        }
    }

    private static void arrives(int row, TestSource source, CollectingSink sink) throws Exception {
        source.sql("INSERT INTO t VALUES (" + row + ")");
        Await.until("row " + row, () -> sink.seen().size() == row);
    }

    @Test
    void anotherLiveConsumerIsNamedAtOnce() throws Exception {
        try (TestSource source = source(18);
                TestSource.Queue other = source.otherQueue()) {
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                String pid = source.ask(
                        "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "'");
                AssertionError refused = org.junit.jupiter.api.Assertions.assertThrows(
                        AssertionError.class, () -> other.run(new CollectingSink()));
                SourceException e = assertInstanceOf(SourceException.class, refused.getCause());
                assertEquals(ErrorCode.SLOT_IN_USE, e.code());
                assertTrue(e.getMessage().contains("in use by process " + pid + " (pgcdc"), e.getMessage());
                assertTrue(e.getMessage().contains("which is alive"), e.getMessage());
                run.stop();
            }
        }
    }

    @Test
    void aSlotDroppedDuringTheRunIsNamed() throws Exception {
        try (TestSource source = source(18);
                FaultProxy proxy = new FaultProxy(source.server().port())) {
            try (RunningPipeline run = new RunningPipeline(source.through(proxy.port()), new CollectingSink())) {
                source.sql("INSERT INTO t VALUES (1)");
                proxy.refuse();
                source.awaitSlotFree();
                source.sql("SELECT pg_drop_replication_slot('" + source.slot() + "')");
                proxy.accept();
                SourceException e = assertInstanceOf(SourceException.class, run.awaitEnd());
                assertEquals(ErrorCode.SLOT_GONE, e.code());
                assertTrue(e.getMessage().contains("--accept-gap"), e.getMessage());
            }
        }
    }

    /** When the run begins, a keepalive has moved the flush LSN past the last commit. */
    @EachPostgres
    void invariant1AnIdleSlotAdvancesAfterARestartToo(int version) throws Exception {
        try (TestSource source = source(version)) {
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                source.sql("INSERT INTO t VALUES (1)", "CREATE TABLE other (id int)");
                run.finish();
            }
            source.sql("CREATE TABLE another (id int)");
            long written = source.walLsn();
            try (RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
                Await.until("the slot to advance", () -> Lsn.compare(source.confirmedFlushLsn(), written) >= 0);
                run.stop();
            }
        }
    }

    @EachPostgres
    void aHeartbeatIsWrittenWhenWorthwhileAndReachesNoSink(int version) throws Exception {
        try (TestSource source = source(version).heartbeatIntervalMs(100)) {
            CollectingSink sink = new CollectingSink();
            source.sql("CREATE TABLE elsewhere (v text)", "CREATE PUBLICATION everything FOR TABLE t");
            try (RunningPipeline run = new RunningPipeline(source, sink)) {
                Heartbeats heartbeats = new Heartbeats(source);
                source.sql("INSERT INTO elsewhere SELECT repeat('x', 1000) FROM generate_series(1, 200)");
                Await.until("a heartbeat", () -> heartbeats.count() == 1);
                // the heartbeat's own WAL, and the idle server's, cause no further heartbeat
                source.sql("CHECKPOINT");
                long written = source.walLsn();
                Await.until("the slot to advance", () -> Lsn.compare(source.confirmedFlushLsn(), written) >= 0);
                assertEquals(1, heartbeats.count());
                run.stop();
            }
            assertEquals(List.of(), sink.seen());
        }
    }

    /** Reads the messages through the test's own slot. */
    private record Heartbeats(TestSource source) {

        Heartbeats {
            try {
                source.sql("SELECT pg_create_logical_replication_slot('" + source.slot() + "_beats', 'pgoutput')");
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        long count() throws Exception {
            return Long.parseLong(
                    source.ask("SELECT count(*) FROM pg_logical_slot_peek_binary_changes('" + source.slot()
                            + "_beats', NULL, NULL, 'proto_version', '1', 'publication_names', 'everything', 'messages', 'true')"
                            + " WHERE position('pgcdc.heartbeat'::bytea IN data) > 0"));
        }
    }
}
