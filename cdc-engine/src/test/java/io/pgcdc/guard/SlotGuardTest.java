package io.pgcdc.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.SetClock;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.CollectingSink;
import io.pgcdc.pipeline.RunningPipeline;
import io.pgcdc.pipeline.SlotStatus;
import io.pgcdc.pipeline.TestSource;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** A slot that may hold little, on real servers, behind a sink that stands still. */
class SlotGuardTest {

    private static final long MB = 1 << 20;
    private static final long LIMIT_MB = 64;
    private static final Map<Integer, PgServer> SERVERS = new HashMap<>();

    @TempDir
    Path directory;

    private static PgServer server(int version) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "max_slot_wal_keep_size", LIMIT_MB + "MB",
                "min_wal_size", "32MB",
                "max_wal_size", "32MB",
                "full_page_writes", "off",
                "max_prepared_transactions", "2"));
        if (version >= 18) {
            settings.put("idle_replication_slot_timeout", "1d");
        }
        return SERVERS.computeIfAbsent(version, v -> PgServer.start(v, settings));
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(PgServer::close);
    }

    /** Writes this much WAL. The stream does not carry it: it is of another database. */
    private static void fill(PgServer server, long bytes) throws SQLException {
        server.ask("SELECT pg_logical_emit_message(false, 'fill', repeat('x', " + bytes + "))");
    }

    private static ServerAddress address(TestSource source) {
        return ServerUrl.parse(source.url(), Map.of(), PgServer.SUPERUSER);
    }

    /** A watch of its own, whose clock runs with the WAL: a megabyte is a second. So the machine's speed does not matter. */
    private static SlotWatch watch(TestSource source, SetClock clock) {
        QueueProgress queue = new QueueProgress(new QueueProgress.Mark(1, 1, 1));
        Confirmation confirmation = Confirmation.of(ConfirmPolicy.QUEUE, new ForgetfulLog());
        Watched run = new Watched(() -> Lsn.INVALID, new Acknowledgement(1, 1), queue, Map.of(), confirmation);
        ServerAddress host = address(source);
        return SlotWatch.of(
                () -> host, source.slot(), 10_000, run, new Lifecycle(clock), new SlotWatch.Limits(1_000, 50, 0));
    }

    @EachPostgres
    void theForecastIsWithin15PercentOfTheLoss(int version) throws Exception {
        PgServer server = server(version);
        SetClock clock = new SetClock();
        try (TestSource source = new TestSource(server, directory).watchIntervalMs(100);
                RunningPipeline run = new RunningPipeline(source, new CollectingSink())) {
            run.pipeline().control().pause("out").get();
            source.sql("INSERT INTO t VALUES (1)");
            SlotWatch watch = watch(source, clock);
            Long forecast = null;
            int seconds = 0;
            int forecastAt = 0;
            String status = "reserved";
            while (status.equals("reserved") || status.equals("extended")) {
                assertTrue(seconds < 3 * LIMIT_MB, "it is never lost");
                fill(server, MB);
                seconds++;
                clock.advanceMs(1_000);
                assertTrue(watch.turn(0));
                SlotLook look = watch.last();
                assertNotNull(look);
                SlotReading reading = look.reading();
                assertNotNull(reading);
                status = reading.walStatus();
                if (forecast == null && reading.retainedBytes() > LIMIT_MB * MB / 2) {
                    forecast = look.forecast().secondsToLoss();
                    forecastAt = seconds;
                    requireHolder(run);
                }
            }
            watch.end();
            assertNotNull(forecast);
            int actual = seconds - forecastAt;
            assertEquals(
                    (double) actual, (double) forecast, 0.15 * actual, "lost " + actual + " MB after the forecast");
            // the server now removes the WAL
            for (int i = 0; i < 4; i++) {
                fill(server, MB);
                server.ask("SELECT pg_switch_wal()");
                source.sql("CHECKPOINT");
            }
            assertEquals(
                    "lost",
                    server.ask(
                            "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '" + source.slot() + "'"));
        }
    }

    private static void requireHolder(RunningPipeline run) {
        Await.until("the run to see it", () -> slot(run).retainedBytes() > LIMIT_MB * MB / 2);
        SlotStatus status = slot(run);
        WalHolder holder = status.holder();
        assertNotNull(holder);
        assertEquals(WalHolder.Kind.SINK, holder.kind(), status.toString());
        assertEquals("out", holder.name());
        assertTrue(holder.bytes() > LIMIT_MB * MB / 3, holder.text());
        assertEquals(Long.valueOf(LIMIT_MB * MB), status.maxSlotWalKeepSize());
        assertEquals(ConfirmPolicy.SINKS, status.confirm());
        assertNotNull(status.secondsToLoss());
    }

    private static SlotStatus slot(RunningPipeline run) {
        Await.until("the first look", () -> run.pipeline().slot() != null);
        SlotStatus status = run.pipeline().slot();
        assertNotNull(status);
        return status;
    }

    @EachPostgres
    void withConfirmAutoTheSlotIsNotLost(int version) throws Exception {
        PgServer server = server(version);
        CollectingSink sink = new CollectingSink();
        int steps = 40;
        try (TestSource source = new TestSource(server, directory)
                        .confirm(ConfirmPolicy.AUTO)
                        .watchIntervalMs(100);
                RunningPipeline run = new RunningPipeline(source, sink)) {
            run.pipeline().control().pause("out").get();
            for (int i = 1; i <= steps; i++) {
                source.sql("INSERT INTO t VALUES (" + i + ")");
                fill(server, 5 * MB);
                if (i % 4 == 0) {
                    source.sql("CHECKPOINT"); // only now would the server remove WAL
                }
                awaitLook(run);
                String status = slot(run).walStatus();
                assertTrue(status.equals("reserved") || status.equals("extended"), i + ": " + slot(run));
            }
            assertEquals(ConfirmPolicy.QUEUE, slot(run).confirm());
            assertEquals(List.of(), sink.seen());
            run.pipeline().control().resume("out").get();
            source.sql("CHECKPOINT");
            Await.until("the way back", () -> slot(run).confirm() == ConfirmPolicy.SINKS);
            run.finish();
            assertEquals(
                    IntStream.rangeClosed(1, steps).mapToObj(Integer::toString).toList(), sink.column("id"));
            List<String> switches = Files.readAllLines(source.queue().resolve("confirm"));
            assertEquals(2, switches.size(), switches.toString());
            assertTrue(switches.get(0).contains(" queue acknowledged="), switches.toString());
            assertTrue(switches.get(1).contains(" sinks acknowledged="), switches.toString());
        }
    }

    private static void awaitLook(RunningPipeline run) {
        Instant before = slot(run).readAt();
        Await.until("another look", () -> !String.valueOf(slot(run).readAt()).equals(String.valueOf(before)));
    }

    @EachPostgres
    void openAndPreparedTransactionsAreFound(int version) throws Exception {
        PgServer server = server(version);
        try (TestSource source = new TestSource(server, directory);
                Connection other = server.connect(source.database());
                Statement statement = other.createStatement()) {
            ServerAddress host = address(source);
            try (ServerSlot slot = new ServerSlot(() -> host, source.slot(), 10_000)) {
                SourceException gone = assertThrows(SourceException.class, () -> slot.read(0));
                assertEquals(ErrorCode.SLOT_GONE, gone.code());
                source.sql("SELECT pg_create_logical_replication_slot('" + source.slot() + "', 'pgoutput')");
                assertNull(slot.read(0).oldest());

                other.setAutoCommit(false);
                statement.execute("INSERT INTO t VALUES (1)");
                OpenTransaction open = slot.read(0).oldest();
                assertNotNull(open);
                assertNotNull(open.pid());
                assertTrue(open.who().contains("as postgres, in " + source.database()), open.who());
                Long age = open.ageMs();
                assertTrue(age != null && age >= 0);

                statement.execute("PREPARE TRANSACTION 'left_over'");
                other.setAutoCommit(true);
                OpenTransaction prepared = slot.read(0).oldest();
                statement.execute("ROLLBACK PREPARED 'left_over'");
                assertNotNull(prepared);
                assertEquals("left_over", prepared.gid());
                assertEquals(open.xid(), prepared.xid());

                SlotReading reading = slot.read(7);
                assertEquals(7, reading.nanos());
                assertEquals(version >= 18 ? Long.valueOf(86_400_000L) : null, reading.idleTimeoutMs());
                assertEquals(Long.valueOf(LIMIT_MB * MB), reading.maxSlotWalKeepSize());
                @Nullable Long safe = reading.safeWalSize();
                assertTrue(safe != null && safe > LIMIT_MB * MB / 2 && safe < 2 * LIMIT_MB * MB, safe + " bytes");
                assertEquals("reserved", reading.walStatus());
                boolean readable = Files.isReadable(server.dataDirectory().resolve("global/pg_control"));
                assertEquals(readable, reading.freeDiskBytes() != null);
            }
        }
    }

    private static final class ForgetfulLog implements io.pgcdc.queue.ConfirmLog {
        @Override
        public void add(Instant when, ConfirmPolicy now, long flushLsn, String why) {}

        @Override
        public @Nullable ConfirmPolicy last() {
            return null;
        }

        @Override
        public List<String> lines() {
            return List.of();
        }
    }
}
