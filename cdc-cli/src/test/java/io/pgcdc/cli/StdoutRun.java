package io.pgcdc.cli;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.history.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs of the packaged command from a database's slot to standard output. */
final class StdoutRun {

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

    /** Adds a run's lines. A kill may tear the last one; all others are whole. */
    static void read(History history, Path file) throws Exception {
        history.restarted();
        String text = Files.readString(file);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(history::add);
    }
}
