package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.embedded.PgServer;
import io.pgcdc.testkit.Await;
import io.pgcdc.testkit.history.History;
import io.pgcdc.testkit.workload.MixedWorkload;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command against real servers: what comes out adds up to the tables, whatever happens in between. */
class RunIT {

    private static final long CHANGES = 100_000;
    private static final int KILLS = 3;
    private static final int SIGNALS = 6;
    private static final long BETWEEN_SIGNALS_NANOS = 100_000_000;

    /** 128 and the number of SIGTERM: the JVM's own end, before there is a command to stop. */
    private static final int BEFORE_THE_COMMAND = 143;

    @TempDir
    Path directory;

    private String[] arguments(PgServer server, String database, String... more) {
        String[] base = {
            "run",
            "--source",
            server.url(database),
            "--slot",
            database + "_slot",
            "--publication",
            "everything",
            "--queue-dir",
            directory.resolve("queue").toString(),
            "--sink",
            "stdout",
            "--create-slot",
            "--create-publication"
        };
        String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return all;
    }

    /** Invariants 1, 2 and 3. */
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void linesAddUpToTheTablesThoughTheProcessIsKilled(int version) throws Exception {
        long seed = System.nanoTime();
        System.out.println("RunIT on " + version + ", seed " + seed);
        Random random = new Random(seed);
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("run");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            MixedWorkload workload = new MixedWorkload(connection, seed);
            History history = new History(MixedWorkload.KEYS);

            // the slot must exist before the first change
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(0, run.stdoutBytes());
            }
            workload.run(CHANGES);

            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                    long until = 1_000L + random.nextInt(4_000_000);
                    Await.until("output", CdcProcess.LONGEST, () -> run.stdoutBytes() >= until || !run.isAlive());
                    assertTrue(run.isAlive(), run.stderr());
                    run.kill();
                    read(history, run.stdout());
                }
            }
            workload.run(CHANGES / 10);
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals("", run.stderr());
                read(history, run.stdout());
            }
            assertEquals(workload.changes(), history.size());
            Comparison.compare(connection, MixedWorkload.KEYS, history);
            System.out.println("RunIT on " + version + ": " + history.size() + " changes, " + history.repeats()
                    + " lines repeated after " + KILLS + " kills");
        } finally {
            server.dropDatabase(database);
        }
    }

    /** Also before the queue's classes are loaded, which can no longer be when the JVM ends. */
    @Test
    void aSignalAtAnyMomentOfTheStartIsAStop() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("early");
        try {
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            Set<Integer> exits = new HashSet<>();
            for (int moment = 1; moment <= SIGNALS || !exits.contains(0); moment++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                    // no wait for something: how far the start has come is what differs
                    LockSupport.parkNanos(moment * BETWEEN_SIGNALS_NANOS);
                    run.terminate();
                    int exit = run.awaitExit();
                    assertEquals("", run.stderr());
                    assertTrue(exit == 0 || exit == BEFORE_THE_COMMAND, "exit " + exit);
                    exits.add(exit);
                }
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void sigtermLeavesZeroAndNothingComesTwice(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("term");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            MixedWorkload workload = new MixedWorkload(connection, 7);
            History history = new History(MixedWorkload.KEYS);
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            workload.run(20_000);
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                Await.until("output", CdcProcess.LONGEST, () -> run.stdoutBytes() > 1_000_000 || !run.isAlive());
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
                readWhole(history, run.stdout());
            }
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
                readWhole(history, run.stdout());
            }
            assertEquals(0, history.repeats());
            assertEquals(workload.changes(), history.size());
            Comparison.compare(connection, MixedWorkload.KEYS, history);
        } finally {
            server.dropDatabase(database);
        }
    }

    /** A kill may tear the last line; all others are whole. */
    private static void read(History history, Path file) throws Exception {
        history.restarted();
        String text = Files.readString(file);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(history::add);
    }

    private static void readWhole(History history, Path file) throws Exception {
        history.restarted();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.lines().forEach(history::add);
        }
    }
}
