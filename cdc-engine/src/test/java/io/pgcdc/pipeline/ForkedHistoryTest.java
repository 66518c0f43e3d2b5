package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Position;
import io.pgcdc.servers.process.ServerProcess;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.source.SourceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 5: received changes are compared with the history of the current server. */
class ForkedHistoryTest {

    private static final String SLOT = "fork";

    @TempDir
    Path directory;

    private ServerProcess primary(int version) throws Exception {
        ServerProcess server =
                ServerProcess.create(version, directory.resolve("primary")).start();
        server.sql("postgres", "CREATE TABLE t (id int PRIMARY KEY)");
        return server;
    }

    private Pipeline pipeline(CollectingSink sink, ServerProcess... hosts) {
        String url = Arrays.stream(hosts)
                .map(host -> "localhost:" + host.port())
                .collect(Collectors.joining(",", "postgresql://postgres@", "/postgres"));
        PipelineFixture fixture = new PipelineFixture(url, SLOT, directory.resolve("queue"))
                .set(SourceSettings.PUBLICATIONS, List.of("everything"))
                .set(SourceSettings.CREATE_PUBLICATION, true)
                .set(SourceSettings.STATUS_INTERVAL_MS, 500L)
                .set(SourceSettings.RECEIVE_TIMEOUT_MS, 20_000L);
        return new Pipeline(fixture.config(), Map.of("out", sink));
    }

    /** Runs until the sink has caught up, and returns its changes. */
    private CollectingSink captured(ServerProcess server) {
        CollectingSink sink = new CollectingSink();
        Pipeline pipeline = pipeline(sink, server);
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
        return sink;
    }

    private SourceException refused(ServerProcess server) {
        return assertThrows(SourceException.class, () -> captured(server));
    }

    private CollectingSink accepted(ServerProcess server) {
        CollectingSink sink = new CollectingSink();
        Pipeline pipeline = pipeline(sink, server);
        pipeline.acceptGap();
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
        return sink;
    }

    /** A standby that lacks the last rows is promoted. When the gap is accepted, a new epoch begins. */
    @EachPostgres
    void invariant5APromotedStandbyThatLacksWhatWasReceivedIsRefused(int version) throws Exception {
        try (ServerProcess primary = primary(version)) {
            captured(primary);
            primary.stop();
            try (ServerProcess standby = primary.standby(directory.resolve("standby"))) {
                primary.start();
                primary.sql("postgres", "INSERT INTO t VALUES (1)");
                assertEquals(List.of("1"), captured(primary).column("id"));
                primary.kill();
                standby.start();
                standby.sql("postgres", "SELECT pg_promote()");

                SourceException e = refused(standby);
                assertEquals(ErrorCode.TIMELINE_FORKED, e.code());
                assertTrue(e.getMessage().contains("of timeline 1, but the server is on timeline 2"), e.getMessage());
                assertTrue(e.getMessage().contains("--accept-gap"), e.getMessage());

                standby.sql("postgres", "INSERT INTO t VALUES (2)");
                assertEquals(List.of("2"), accepted(standby).column("id"));
                standby.sql("postgres", "INSERT INTO t VALUES (3)");
                CollectingSink sink = captured(standby);
                assertEquals(List.of("3"), sink.column("id"));
                Position position = sink.positions().get(0);
                assertEquals(1, position.epoch());
                assertTrue(position.toString().endsWith("@1"), position.toString());
                List<String> gaps = Files.readAllLines(directory.resolve("queue/gaps"));
                assertEquals(1, gaps.size());
                assertTrue(
                        gaps.get(0).contains(" CDC-125 from=") && gaps.get(0).endsWith(" epoch=1 timeline=2"),
                        gaps.get(0));
                assertEquals(List.of(), captured(standby).column("id"));
            }
        }
    }

    /** A standby that has everything is promoted, with a synchronized slot. The stream continues there without help. */
    @Test
    void aFailoverToACompleteStandbyNeedsNoHelp() throws Exception {
        try (ServerProcess primary = ServerProcess.create(
                        18, directory.resolve("primary"), "synchronized_standby_slots = 'standby'")
                .start()) {
            primary.sql(
                    "postgres",
                    "CREATE TABLE t (id int PRIMARY KEY)",
                    "CREATE PUBLICATION everything FOR ALL TABLES",
                    "SELECT pg_create_physical_replication_slot('standby')");
            primary.stop();
            try (ServerProcess standby = primary.standby(
                    directory.resolve("standby"),
                    "primary_slot_name = 'standby'",
                    "sync_replication_slots = on",
                    "hot_standby_feedback = on",
                    "synchronized_standby_slots = ''")) {
                primary.start();
                // before the standby first looks for slots: its next look can be 30 s later
                primary.sql(
                        "postgres",
                        "SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput', failover => true)");
                standby.start();
                CollectingSink sink = new CollectingSink();
                Pipeline pipeline = pipeline(sink, primary, standby);
                Thread thread = new Thread(pipeline::run, "test-capture");
                thread.start();
                primary.sql("postgres", "INSERT INTO t VALUES (1)");
                Await.until("the first row", () -> sink.seen().size() == 1);
                Await.until(
                        "the slot on the standby",
                        () -> standby.ask(
                                        "postgres",
                                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + SLOT
                                                + "' AND synced AND NOT temporary")
                                .equals("1"));
                primary.kill();
                standby.sql("postgres", "SELECT pg_promote()");
                standby.sql("postgres", "INSERT INTO t VALUES (2)");
                Await.until("the second row", () -> sink.seen().size() == 2 || !thread.isAlive());
                pipeline.control().stop();
                thread.join();
                assertEquals(List.of("1", "2"), sink.column("id"));
                assertEquals(0, sink.positions().get(1).epoch());
            }
        }
    }

    /** The former primary runs again beside the new one. It is skipped, at a start and on a reconnect. */
    @EachPostgres
    void aFormerPrimaryIsSkipped(int version) throws Exception {
        try (ServerProcess stray = primary(version)) {
            captured(stray);
            stray.stop();
            try (ServerProcess standby = stray.standby(directory.resolve("standby"))) {
                // without slot synchronization, the slot is copied with the cluster
                standby.start();
                standby.sql("postgres", "SELECT pg_promote()", "INSERT INTO t VALUES (1)");
                assertEquals(List.of("1"), captured(standby).column("id"));
                stray.start();
                stray.sql("postgres", "INSERT INTO t VALUES (100)");

                CollectingSink sink = new CollectingSink();
                Pipeline pipeline = pipeline(sink, stray, standby);
                Thread thread = new Thread(pipeline::run, "test-capture");
                thread.start();
                standby.sql("postgres", "INSERT INTO t VALUES (2)");
                Await.until("the row", () -> sink.seen().size() == 1 || !thread.isAlive());
                standby.stopImmediately();
                standby.start();
                standby.sql("postgres", "INSERT INTO t VALUES (3)");
                Await.until("the row after", () -> sink.seen().size() == 2 || !thread.isAlive());
                pipeline.control().stop();
                thread.join();
                assertEquals(List.of("2", "3"), sink.column("id"));

                standby.stop();
                Pipeline alone = pipeline(new CollectingSink(), stray, standby);
                SourceException e = assertThrows(SourceException.class, alone::run);
                assertEquals(ErrorCode.TIMELINE_FORKED, e.code());
                assertTrue(
                        e.getMessage().contains("a former primary that was started again after a failover"),
                        e.getMessage());
                assertTrue(e.getMessage().contains("; localhost:" + stray.port() + "/postgres"), e.getMessage());
                assertTrue(
                        e.getMessage().contains("other hosts: localhost:" + standby.port() + ": CDC-101"),
                        e.getMessage());

                Pipeline accepting = pipeline(new CollectingSink(), stray, standby);
                accepting.acceptGap();
                e = assertThrows(SourceException.class, accepting::run);
                assertTrue(e.getMessage().contains("--accept-gap was refused"), e.getMessage());

                standby.start();
                CollectingSink rest = new CollectingSink();
                Pipeline both = pipeline(rest, stray, standby);
                both.acceptGap();
                both.control().stopWhenCaughtUp();
                standby.sql("postgres", "INSERT INTO t VALUES (4)");
                both.run();
                assertEquals(List.of("4"), rest.column("id"));
                assertEquals(0, rest.positions().get(0).epoch(), "no gap was accepted");
            }
        }
    }

    @EachPostgres
    void invariant5ARestoredBackupIsRefused(int version) throws Exception {
        try (ServerProcess primary = primary(version)) {
            captured(primary);
            primary.stop();
            try (ServerProcess backup = primary.copy(directory.resolve("backup"))) {
                primary.start();
                primary.sql("postgres", "INSERT INTO t SELECT generate_series(1, 1000)");
                assertEquals(1_000, captured(primary).seen().size());
                primary.stop();
                primary.restore(backup);
                primary.start();

                SourceException e = refused(primary);
                assertEquals(ErrorCode.SERVER_BEHIND, e.code());
                assertTrue(e.getMessage().contains("restored from a backup"), e.getMessage());

                primary.sql("postgres", "INSERT INTO t VALUES (5)");
                CollectingSink sink = accepted(primary);
                assertEquals(List.of("5"), sink.column("id"));
                assertEquals(1, sink.positions().get(0).epoch());
            }
        }
    }

    @EachPostgres
    void invariant5ASlotWhoseWalWasRemovedIsRefused(int version) throws Exception {
        try (ServerProcess primary = primary(version)) {
            captured(primary);
            primary.stop();
            primary.configure("max_slot_wal_keep_size = '1MB'", "min_wal_size = '32MB'", "max_wal_size = '32MB'");
            primary.start();
            primary.sql("postgres", "INSERT INTO t VALUES (1)");
            for (int i = 0; i < 4; i++) {
                primary.sql(
                        "postgres",
                        "SELECT pg_logical_emit_message(false, 'fill', 'x')",
                        "SELECT pg_switch_wal()",
                        "CHECKPOINT");
            }
            SourceException e = refused(primary);
            assertEquals(ErrorCode.SLOT_INVALIDATED, e.code());
            assertInstanceOf(SourceException.class, e);
            primary.sql("postgres", "SELECT pg_drop_replication_slot('" + SLOT + "')");
            assertEquals(
                    ErrorCode.SLOT_GONE,
                    assertThrows(SourceException.class, () -> captured(primary)).code());
            assertEquals(List.of(), accepted(primary).column("id"));
            primary.sql("postgres", "INSERT INTO t VALUES (2)");
            CollectingSink sink = captured(primary);
            assertEquals(List.of("2"), sink.column("id"));
            assertEquals(0, sink.positions().get(0).epoch(), "the same history: LSNs go on");
        }
    }
}
