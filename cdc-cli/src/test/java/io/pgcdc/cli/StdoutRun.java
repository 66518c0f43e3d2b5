package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs of the packaged command from a database's slot to standard output. */
final class StdoutRun {

    /** Each line of such a run has more bytes than this. So the number of rows and changes tells how much a run writes at least. */
    static final int LEAST_LINE = 200;

    private StdoutRun() {}

    /** Returns the arguments of {@code cdc run}. */
    static String[] arguments(PgServer server, String database, Path directory, String... more) {
        List<String> all = new ArrayList<>(List.of(
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
                "stdout"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /**
     * Kills a run when it has written this many bytes, and adds its lines.
     *
     * @param bytes at most {@link #LEAST_LINE} for each row and change that the run will write
     */
    static void killAfter(long bytes, CdcProcess run, History history) throws Exception {
        run.await(bytes + " bytes of output", () -> run.stdoutBytes() >= bytes);
        run.kill();
        read(history, run.stdout());
    }

    /** Adds a run's lines. A kill may tear the last one; all others are whole. */
    static void read(History history, Path file) throws Exception {
        history.restarted();
        String text = Files.readString(file);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
            assertTrue(line.length() > LEAST_LINE, line);
            history.add(line);
        });
    }
}
