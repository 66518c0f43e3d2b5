package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command pauses and resumes parts of a running one, through its control socket. */
class SteerIT {

    @TempDir
    Path directory;

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    @Test
    void sinksAndReadingPauseAndContinue() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("steered");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            Path config = Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                    queue: {dir: "%3$s"}
                    sinks:
                    - {name: out, type: stdout}
                    - {name: log, type: change_logs, url: "%1$s", create: true}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue")));
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                run.await("the stream", () -> isStreaming(statement));
                statement.execute("INSERT INTO t VALUES (1)");
                run.await("the first row in both", () -> lines(run) == 1 && logged(statement) == 1);

                CommandRun paused = command("pause", "--sink", "log");
                assertEquals(0, paused.exitCode(), paused.stderr());
                assertEquals("sink log is paused\n", paused.stdout());
                assertEquals(0, command("pause", "--sink", "log").exitCode(), "once more changes nothing");
                statement.execute("INSERT INTO t VALUES (2)");
                run.await("the second row in the other sink", () -> lines(run) == 2);
                assertEquals(1, logged(statement));
                assertEquals(
                        "sink log continues\n",
                        command("resume", "--sink", "log").stdout());
                run.await("the second row", () -> logged(statement) == 2);

                assertEquals("reading is paused\n", command("pause").stdout());
                statement.execute("INSERT INTO t VALUES (3)");
                assertEquals(0, command("pause").exitCode(), "once more changes nothing");
                assertEquals(2, lines(run));
                assertEquals("reading continues\n", command("resume").stdout());
                run.await("the third row in both", () -> lines(run) == 3 && logged(statement) == 3);

                assertEquals(
                        "sink log tries again\n",
                        command("retry", "--sink", "log").stdout());
                assertEquals(2, command("retry").exitCode(), "no sink is named");

                CommandRun unknown = command("pause", "--sink", "log", "--sink", "nobody");
                assertEquals(1, unknown.exitCode());
                assertEquals(
                        "CDC-605 there is no sink \"nobody\"; the sinks are: out, log.",
                        unknown.stderr().strip());
                statement.execute("INSERT INTO t VALUES (4)");
                run.await("the fourth row: nothing was paused", () -> lines(run) == 4 && logged(statement) == 4);
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            CommandRun gone = command("pause");
            assertEquals(1, gone.exitCode());
            assertTrue(gone.stderr().startsWith("CDC-604"), gone.stderr());
            assertEquals(2, CommandRun.of(List.of("pause")).exitCode(), "no queue is named");
        } finally {
            server.dropDatabase(database);
        }
    }

    private static boolean isStreaming(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("SELECT 1 FROM pg_replication_slots s JOIN pg_stat_replication r"
                + " ON r.pid = s.active_pid WHERE s.database = current_database() AND r.state = 'streaming'")) {
            return row.next();
        }
    }

    private static int lines(CdcProcess run) throws IOException {
        return Files.readAllLines(run.stdout()).size();
    }

    private static int logged(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("SELECT to_regclass('cdc_pattern.change_logs') IS NOT NULL")) {
            row.next();
            if (!row.getBoolean(1)) {
                return 0;
            }
        }
        try (var row = statement.executeQuery("SELECT count(*) FROM cdc_pattern.change_logs")) {
            row.next();
            return row.getInt(1);
        }
    }
}
