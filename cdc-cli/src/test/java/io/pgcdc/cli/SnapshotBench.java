package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A source and a target database on one server, and runs of the packaged command between them that are killed at random moments while
 * rows are read. One thread.
 */
final class SnapshotBench implements AutoCloseable {

    /** Nobody changes this table's rows, so each of them is read once, however often the command is killed. */
    static final String STILL = "public.still";

    static final int STILL_ROWS = Soak.count(2_000, 20_000);

    /** Gets one row when everything else is over: a sink that has it has all before it. */
    static final String LAST = "public.last";

    /** A kill comes after at most this many more rows in the target. */
    static final int MOST_ROWS = Soak.count(2_000, 10_000);

    /** How long the end may take: a load without pauses leaves much to catch up with. */
    private static final Duration LONGEST = Duration.ofMinutes(Soak.count(2, 60));

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Small chunks, slowly: a kill then hits a snapshot that is being read. */
    private static final String CONFIG = """
            source:
              url: %1$s
              slot: %2$s
              publications: [everything]
              create_slot: true
              status_interval_ms: 500
            queue: {dir: %3$s, segment_bytes: 16384}
            snapshot: {mode: %4$s, chunk_bytes: 32768, max_rows_per_second: 5000}
            sinks:
            """;

    private final PgServer server;
    private final Path directory;
    private final Random random;
    private final String sourceName;
    private final String targetName;
    private final Connection source;
    private final Connection target;

    private SnapshotBench(PgServer server, Path directory, Random random) throws SQLException {
        this.server = server;
        this.directory = directory;
        this.random = random;
        sourceName = server.createDatabase("rows");
        targetName = server.createDatabase("target");
        source = server.connect(sourceName);
        target = server.connect(targetName);
    }

    /** One round of a test. */
    interface Round {
        void play(SnapshotBench bench, Random random) throws Exception;
    }

    /**
     * Plays rounds, each on databases of its own.
     *
     * @param what is played, for the output
     */
    static void play(String what, int version, Path directory, int rounds, Round round) throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println(what + ", seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < rounds; i++) {
            try (SnapshotBench bench = on(PgServer.shared(version), directory.resolve("round" + i), random)) {
                round.play(bench, random);
            }
        }
    }

    /** Returns the keys of a workload's tables, and of the bench's own. */
    static Map<String, List<String>> keys(Map<String, List<String>> ofWorkload) {
        Map<String, List<String>> keys = new HashMap<>(ofWorkload);
        keys.put(STILL, List.of("id"));
        keys.put(LAST, List.of("id"));
        return keys;
    }

    /** @param directory for the queue, the configuration and the output of these runs alone */
    static SnapshotBench on(PgServer server, Path directory, Random random) throws Exception {
        Files.createDirectories(directory);
        SnapshotBench bench = new SnapshotBench(server, directory, random);
        bench.sql(
                "CREATE TABLE " + STILL + " (id int PRIMARY KEY, v text)",
                "INSERT INTO " + STILL + " SELECT n, repeat('still ', 20) FROM generate_series(1, " + STILL_ROWS
                        + ") n",
                "CREATE TABLE " + LAST + " (id int PRIMARY KEY)",
                CdcProcess.PUBLISH_EVERYTHING);
        return bench;
    }

    /** Returns the source's name, unique on the server. */
    String name() {
        return sourceName;
    }

    /** Returns a connection to the source, which the caller closes. */
    Connection connect() throws SQLException {
        return server.connect(sourceName);
    }

    Connection source() {
        return source;
    }

    Connection target() {
        return target;
    }

    /** Returns the URL of the target. */
    String targetUrl() {
        return server.url(targetName);
    }

    /** Executes statements on the source. */
    void sql(String... statements) throws SQLException {
        try (Statement statement = source.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns a number from the target. */
    long ask(String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Returns the number of rows of a table of the target, or 0 if no sink has created it yet. */
    long rows(String table) throws SQLException {
        boolean exists = ask("SELECT count(to_regclass('" + table + "'))") > 0;
        return exists ? ask("SELECT count(*) FROM " + table) : 0;
    }

    /**
     * Starts the command with these sinks.
     *
     * @param mode of the snapshot
     * @param sinks lines of YAML, each sink an item of a list
     */
    CdcProcess start(String mode, String sinks) {
        String config =
                CONFIG.formatted(server.url(sourceName), sourceName + "_slot", directory.resolve("queue"), mode);
        try {
            Files.writeString(directory.resolve("cdc.yaml"), config + sinks.indent(2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CdcProcess.run(directory);
    }

    /** Orders all rows for these sinks from the run that was just started. */
    void order(CdcProcess run, String... sinks) {
        await("the stream", run, () -> RunState.isRunning(directory.resolve("queue")));
        List<String> arguments = new ArrayList<>(List.of("snapshot", "--all-tables"));
        for (String sink : sinks) {
            arguments.addAll(List.of("--to", sink));
        }
        CommandRun ordered = command(arguments);
        assertEquals(0, ordered.exitCode(), () -> ordered.stderr() + run.stderr());
    }

    private CommandRun command(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(all);
    }

    /** Waits until a table of the target has a random number of new rows. */
    void awaitMore(CdcProcess run, String table) throws SQLException {
        awaitRows(run, table, rows(table) + 1 + random.nextInt(MOST_ROWS / 2));
    }

    /** Waits until a table of the target has this many rows. */
    void awaitRows(CdcProcess run, String table, long atLeast) throws SQLException {
        await(atLeast + " rows of " + table, run, () -> rows(table) >= atLeast);
    }

    /** Has a table of the source rewritten between two waits for more rows in a table of the target. Kills the command then. */
    void kill(CdcProcess run, String progress, String rewritten) throws SQLException {
        awaitMore(run, progress);
        sql("VACUUM FULL " + rewritten);
        awaitMore(run, progress);
        kill(run);
    }

    /** Kills the command at any moment, not just after a commit. */
    void kill(CdcProcess run) {
        LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
        assertTrue(run.isAlive(), run::stderr);
        run.kill();
    }

    private <E extends Exception> void await(String what, CdcProcess run, Await.Condition<E> condition) throws E {
        try {
            run.await(what, LONGEST, condition);
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + command(List.of("snapshot", "progress")), e);
        }
    }

    /** Waits until all snapshots are read, and the change after that is where {@code arrived} finds it. Then stops the command. */
    void finish(CdcProcess run, Await.Condition<Exception> arrived) throws Exception {
        await("the snapshots' ends", run, this::isRead);
        sql("INSERT INTO " + LAST + " VALUES (1)");
        await("the last change", run, arrived);
        run.terminate();
        assertEquals(0, run.awaitExit(), run::stderr);
    }

    /** Returns true if no snapshot is waiting, or being read. */
    private boolean isRead() {
        CommandRun progress = command(List.of("snapshot", "progress", "--json"));
        assertTrue(!progress.stdout().contains("\"state\":\"failed\""), progress.stdout());
        return progress.exitCode() == 0
                && !progress.stdout().contains("\"state\":\"waiting\"")
                && !progress.stdout().contains("\"state\":\"reading\"");
    }

    @Override
    public void close() throws SQLException {
        source.close();
        target.close();
        server.dropDatabase(sourceName);
        server.dropDatabase(targetName);
    }
}
