package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.cli.control.ControlClient;
import io.pgcdc.history.History;
import io.pgcdc.model.Position;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command under a mixed load is paused, resumed and has changes replayed, and is killed in the middle of a pause and of a replay. Both
 * sinks have every change, in order; only a replay and a kill repeat any.
 */
class SteerFaultIT {

    private static final int ROUNDS = Integer.getInteger("pgcdc.fault.rounds", 1);
    private static final int CHANGES_A_STEP = Soak.count(500, 3_000);
    private static final int LARGE = 200;
    private static final int BYTES_OF_REPLAY = 100_000;
    private static final long PACE_NANOS = 4_000_000;

    @TempDir
    Path directory;

    private final PgServer server = PgServer.shared(18);
    private final String database;
    private final Connection connection;
    private final MixedWorkload workload;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean loadEnds;
    private volatile long changes;
    private volatile long mostChanges = CHANGES_A_STEP;

    private final History history = new History(MixedWorkload.KEYS);

    /** The positions that came out, each once, in order. */
    private final List<Position> all = new ArrayList<>();

    /** Where the next replay begins; null: none was asked for. */
    private @Nullable Position replayFrom;

    /** The number of changes that a killed replay had brought, and of all that it is to bring; 0: none was killed. */
    private int cutAt;

    private int cutOf;

    SteerFaultIT() throws SQLException {
        database = server.createDatabase("steered");
        connection = server.connect(database);
        MixedWorkload.create(connection);
        workload = new MixedWorkload(connection, 11, LARGE);
    }

    private void load() {
        try {
            while (!loadEnds) {
                if (changes < mostChanges) {
                    workload.run(20);
                    changes = workload.changes();
                }
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (Throwable e) {
            failure.set(e);
        }
    }

    /** Returns when so many more changes are made; as many follow while the caller goes on. */
    private void awaitLoad() {
        long until = changes + CHANGES_A_STEP;
        mostChanges = until + CHANGES_A_STEP;
        Await.until("load", () -> changes > until || failure.get() != null);
        assertNull(failure.get());
    }

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run.stderr());
        return run;
    }

    private CdcProcess start(String... more) throws IOException {
        CdcProcess run = CdcProcess.run(directory, more);
        try {
            Await.until(
                    "the stream",
                    CdcProcess.LONGEST,
                    () -> !run.isAlive() || RunState.isRunning(directory.resolve("queue")));
        } catch (AssertionError e) {
            run.close();
            throw e;
        }
        return run;
    }

    /** Returns the state of the sink that gets replays. */
    private String sinkState() {
        JsonNode answer = new ControlClient(directory.resolve("queue")).ask(ControlClient.request("status"));
        return answer.at("/status/sinks/0/state").asText();
    }

    private void awaitReplay() {
        Await.until(
                "the end of the replay", CdcProcess.LONGEST, () -> sinkState().equals("running"));
    }

    @Test
    void nothingIsLostInPausesAndReplaysThatAreKilled() throws Exception {
        try (Connection asking = server.connect(database);
                Statement target = asking.createStatement()) {
            target.execute("CREATE PUBLICATION p FOR TABLES IN SCHEMA mix");
            target.execute(CdcProcess.createSlot(database + "_slot"));
            Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_slot, publications: [p], status_interval_ms: 500}
                    queue: {dir: "%3$s", retain_bytes: 1000000000, segment_bytes: 16384}
                    sinks:
                    - {name: out, type: stdout}
                    - {name: log, type: change_logs, url: "%1$s", create: true}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue")));
            Thread load = new Thread(this::load, "test-load");
            load.start();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    sinksArePausedAndKilled(target);
                    readingIsPausedAndAReplayRecorded();
                    theReplayIsKilled();
                }
                awaitLoad();
            } finally {
                loadEnds = true;
                load.join();
            }
            try (CdcProcess last = CdcProcess.run(directory, "--until-caught-up")) {
                assertEquals(0, last.awaitExit(), last.stderr());
                read(last);
            }
            assertEquals(workload.changes(), history.size());
            Comparison.compare(connection, MixedWorkload.KEYS, history);
            requireLog(target);
            System.out.println("SteerFaultIT: " + history.size() + " changes, " + history.repeats()
                    + " lines repeated by " + 2 * ROUNDS + " replays and " + 3 * ROUNDS + " kills");
        } finally {
            connection.close();
            server.dropDatabase(database);
        }
    }

    private void sinksArePausedAndKilled(Statement target) throws Exception {
        try (CdcProcess run = start()) {
            Await.until("output", () -> run.stdoutBytes() > 0);
            awaitReplay(); // of the round before
            Position first = firstOf(run);
            command("replay", "--sink", "out", "--from", first.toString(), "--yes");
            replayFrom = first;
            awaitReplay();
            command("pause", "--sink", "log");
            long logged = logged(target);
            long before = run.stdoutBytes();
            awaitLoad();
            Await.until("the other sink's changes", () -> run.stdoutBytes() > before);
            assertEquals(logged, logged(target), "it is paused");
            command("resume", "--sink", "log");
            command("pause", "--sink", "out");
            long bytes = run.stdoutBytes();
            Await.until("the other sink", () -> logged(target) > logged);
            awaitLoad();
            assertEquals(bytes, run.stdoutBytes(), "it is paused");
            run.kill();
            read(run);
            assertNull(replayFrom, "the replay came");
        }
    }

    /** The replay is recorded while the sink is paused: the killed process brings none of it. */
    private void readingIsPausedAndAReplayRecorded() throws Exception {
        try (CdcProcess run = start()) {
            awaitLoad();
            command("pause");
            awaitLoad();
            command("pause", "--sink", "out");
            command("replay", "--sink", "out", "--from", all.get(0).toString(), "--yes");
            run.kill();
            read(run);
        }
    }

    /** Its output is a pipe that nobody empties, so it is in the middle. */
    private void theReplayIsKilled() throws Exception {
        int known = all.size();
        List<String> arguments =
                List.of("run", "-c", directory.resolve("cdc.yaml").toString());
        try (CdcProcess run = CdcProcess.startPiped(directory, arguments)) {
            StringBuilder text = new StringBuilder();
            BufferedReader from = run.reader();
            char[] some = new char[8_192];
            boolean killed = false;
            for (int n = from.read(some); n >= 0; n = from.read(some)) {
                text.append(some, 0, n);
                if (text.length() > BYTES_OF_REPLAY && !killed) {
                    // Process.destroyForcibly would close the pipe
                    killed = ProcessHandle.of(run.pid()).orElseThrow().destroyForcibly();
                }
            }
            List<Position> replayed = read(text.toString());
            assertTrue(replayed.size() < known, replayed.size() + " of " + known + "; " + run.stderr());
            assertEquals(all.subList(0, replayed.size()), replayed);
            cutAt = replayed.size();
            cutOf = known;
        }
    }

    /** The run after the killed one brings the rest of the replay, and perhaps the last changes before the kill once more. */
    private void requireRest(List<Position> positions) {
        if (cutOf > 0) {
            int from = all.indexOf(positions.get(0));
            assertTrue(from > 0 && from <= cutAt, "it goes on at " + from + " after " + cutAt);
            assertEquals(all.subList(from, cutOf), positions.subList(0, cutOf - from));
            cutOf = 0;
        }
    }

    private Position firstOf(CdcProcess run) throws IOException {
        return all.isEmpty() ? position(Files.readString(run.stdout())) : all.get(0);
    }

    private static Position position(String line) {
        return Position.parse(line.replaceFirst("(?s)\\{\"position\":\"([^\"]+)\".*", "$1"));
    }

    private void read(CdcProcess run) throws IOException {
        List<Position> positions = read(Files.readString(run.stdout()));
        assertNotEquals(List.of(), positions, run::stderr);
    }

    /** Adds a run's whole lines to the history. Returns their positions. */
    private List<Position> read(String text) {
        List<Position> positions = new ArrayList<>();
        history.restarted();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            Position position = position(line);
            if (!positions.isEmpty() && position.compareTo(positions.get(positions.size() - 1)) <= 0) {
                assertEquals(replayFrom, position, "only a replay goes back");
                replayFrom = null;
                history.restarted();
            }
            positions.add(position);
            int known = history.size();
            history.add(line);
            if (history.size() > known) {
                all.add(position);
            }
        }
        requireRest(positions);
        return positions;
    }

    private static long logged(Statement target) throws SQLException {
        return Long.parseLong(ask(target, "SELECT coalesce(max(change_id), 0) FROM cdc_pattern.change_logs"));
    }

    private static String ask(Statement target, String sql) throws SQLException {
        try (ResultSet row = target.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The other sink has each change once, in order. */
    private void requireLog(Statement target) throws SQLException {
        List<Position> logged = new ArrayList<>();
        try (ResultSet row = target.executeQuery(
                "SELECT commit_lsn || ':' || ordinal FROM cdc_pattern.change_logs ORDER BY change_id")) {
            while (row.next()) {
                logged.add(Position.parse(row.getString(1)));
            }
        }
        assertEquals(all, logged);
    }
}
