package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command against real servers: what comes out adds up to the tables, whatever happens in between. */
class RunIT {

    private static final int KILLS = Integer.getInteger("pgcdc.fault.rounds", 1);
    private static final long CHANGES = (long) KILLS * Soak.count(10_000, 25_000);

    /** Signals come at these moments of the start, and later until one finds a command that it can stop. */
    private static final long BETWEEN_SIGNALS_NANOS = 600_000_000L / (KILLS + 1);

    /** 128 and the number of SIGTERM: the JVM's own end, before there is a command to stop. */
    private static final int BEFORE_THE_COMMAND = 143;

    @TempDir
    Path directory;

    private String[] arguments(PgServer server, String database, String... more) {
        return StdoutRun.arguments(server, database, directory, more);
    }

    /** Invariants 1, 2 and 3. */
    @EachPostgres
    void linesAddUpToTheTablesThoughTheProcessIsKilled(int version) throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("RunIT on " + version + ", seed " + seed);
        Random random = new Random(seed);
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("run");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            MixedWorkload workload = new MixedWorkload(connection, seed);
            History history = new History(MixedWorkload.KEYS);

            prepare(connection, database);
            workload.run(CHANGES);

            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                    StdoutRun.killAfter(1_000L + random.nextInt(Soak.count(1_500_000, 4_000_000)), run, history);
                }
            }
            workload.run(CHANGES / 10);
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals("", run.complaints());
                StdoutRun.read(history, run.stdout());
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
        try (Connection connection = server.connect(database)) {
            prepare(connection, database);
            Set<Integer> exits = new HashSet<>();
            for (int moment = 1; moment <= KILLS + 1 || !exits.contains(0); moment++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                    // no wait for something: how far the start has come is what differs
                    LockSupport.parkNanos(moment * BETWEEN_SIGNALS_NANOS);
                    run.terminate();
                    int exit = run.awaitExit();
                    assertEquals("", run.complaints());
                    assertTrue(exit == 0 || exit == BEFORE_THE_COMMAND || jvmGaveUp(exit, run), "exit " + exit);
                    exits.add(exit);
                }
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    /** A signal can come into the JVM's own initialization, which then ends with an InternalError that only its output tells. */
    private static boolean jvmGaveUp(int exit, CdcProcess run) throws Exception {
        return exit == 1 && Files.readString(run.stdout()).startsWith("Error occurred during initialization of VM");
    }

    @EachPostgres
    void sigtermLeavesZeroAndNothingComesTwice(int version) throws Exception {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("term");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            MixedWorkload workload = new MixedWorkload(connection, 7);
            History history = new History(MixedWorkload.KEYS);
            prepare(connection, database);
            workload.run(Soak.count(8_000, 20_000));
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                run.await("output", () -> run.stdoutBytes() > 1_000_000);
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

    /** The slot must exist before the first change. */
    private static void prepare(Connection connection, String database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            statement.execute(CdcProcess.createSlot(database + "_slot"));
        }
    }

    private static void readWhole(History history, Path file) throws Exception {
        history.restarted();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.lines().forEach(history::add);
        }
    }
}
