package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.MixedWorkload;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command begins with the rows that exist, and is killed meanwhile. */
class SnapshotIT {

    private static final int KILLS = Soak.count(2, 30);

    /** Bytes that a run writes before it is killed. */
    private static final int MOST_BYTES = 400_000;

    /** Rows, or changes, that are more bytes than that. */
    private static final int ENOUGH = MOST_BYTES / StdoutRun.LEAST_LINE;

    @TempDir
    Path directory;

    private String[] arguments(PgServer server, String database, String... more) {
        List<String> all = new ArrayList<>(List.of("--create-slot", "--snapshot", "initial"));
        all.addAll(List.of(more));
        return StdoutRun.arguments(server, database, directory, all.toArray(String[]::new));
    }

    @EachPostgres
    void linesAddUpToTheTablesThoughTheProcessIsKilled(int version) throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("SnapshotIT on " + version + ", seed " + seed);
        Random random = new Random(seed);
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("rows");
        try (Connection connection = server.connect(database)) {
            MixedWorkload.create(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            }
            MixedWorkload workload = new MixedWorkload(connection, seed);
            workload.run(Soak.count(15_000, 60_000));
            workload.growTo(ENOUGH);
            History history = new History(MixedWorkload.KEYS);
            for (int i = 0; i < KILLS; i++) {
                try (CdcProcess run = CdcProcess.start(directory, arguments(server, database))) {
                    StdoutRun.killAfter(1L + random.nextInt(MOST_BYTES), run, history);
                }
                workload.run(Soak.count(ENOUGH, 4_000));
            }
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                workload.run(Soak.count(1_000, 4_000));
                assertEquals(0, run.awaitExit(), run.stderr());
                StdoutRun.read(history, run.stdout());
            }
            try (CdcProcess run = CdcProcess.start(directory, arguments(server, database, "--until-caught-up"))) {
                assertEquals(0, run.awaitExit(), run.stderr());
                StdoutRun.read(history, run.stdout());
            }
            Comparison.compare(connection, MixedWorkload.KEYS, history);
            System.out.println("SnapshotIT on " + version + ": " + history.size() + " rows and changes, "
                    + history.repeats() + " lines repeated after " + KILLS + " kills");
        } finally {
            server.dropDatabase(database);
        }
    }
}
