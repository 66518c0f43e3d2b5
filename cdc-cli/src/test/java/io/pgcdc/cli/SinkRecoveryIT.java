package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command: refused changes are shown, delivered again and dropped; a sink whose changes are gone begins anew. */
class SinkRecoveryIT {

    private static final String OUT = "- {name: out, type: stdout}\n";

    @TempDir
    Path directory;

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    private Path config(PgServer server, String database, String sinks) throws Exception {
        return Files.writeString(directory.resolve("cdc.yaml"), """
                source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                queue: {dir: "%3$s", retain_bytes: 10000000}
                sinks:
                %4$s""".formatted(
                        server.url(database), database, directory.resolve("queue"), sinks));
    }

    private CdcProcess run(Path config, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "-c", config.toString()));
        arguments.addAll(List.of(more));
        return CdcProcess.start(directory, arguments.toArray(String[]::new));
    }

    private static boolean has(Statement statement, String query) throws SQLException {
        try (var row = statement.executeQuery("SELECT EXISTS (" + query + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Test
    void aRefusedChangeIsShownDeliveredAgainAndDropped() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("letters");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE PUBLICATION p FOR TABLE t;"
                    + " CREATE SCHEMA copy; CREATE TABLE copy.t (id int PRIMARY KEY, v text, CHECK (id < 100))");
            Path config = config(
                    server,
                    database,
                    "- {name: copy, type: projection, url: \"" + server.url(database)
                            + "\", schema: copy, create: true, dead_letter: true}\n");
            try (CdcProcess run = run(config)) {
                run.await("the stream", () -> RunState.isRunning(directory.resolve("queue")));
                assertEquals(
                        "no dead letters\n", command("dead-letters", "list").stdout());
                statement.execute("INSERT INTO t VALUES (500, 'first')");
                statement.execute("INSERT INTO t VALUES (1, 'one')");
                run.await("the other row", () -> has(statement, "SELECT FROM copy.t WHERE id = 1"));
                statement.execute("ALTER TABLE copy.t DROP CONSTRAINT t_id_check");
                statement.execute("UPDATE t SET v = 'second' WHERE id = 500");
                run.await("the update", () -> has(statement, "SELECT FROM copy.t WHERE id = 500 AND v = 'second'"));
                statement.execute("DELETE FROM copy.t WHERE id = 500");

                List<String> lines =
                        command("dead-letters", "list").stdout().lines().toList();
                assertEquals(2, lines.size(), lines.toString());
                assertTrue(lines.stream().allMatch(line -> line.length() <= 80), lines.toString());
                String id = lines.get(1).split(" ")[0];
                String shown = command("dead-letters", "show", id).stdout();
                assertTrue(
                        shown.contains("CDC-507") && shown.contains("\"new_data\":{\"id\":500,\"v\":\"first\"}"),
                        shown);
                CommandRun retried = command("dead-letters", "retry", id, "--sink", "copy", "--yes");
                assertEquals(0, retried.exitCode(), retried.stderr());
                run.await(
                        "the row as it is now",
                        () -> has(statement, "SELECT FROM copy.t WHERE id = 500 AND v = 'second'"));
                CommandRun locked = command("dead-letters", "drop", id, "--yes");
                assertTrue(locked.stderr().startsWith("CDC-402"), locked.stderr());
                assertTrue(command("dead-letters", "show", "0/1:0").stderr().startsWith("CDC-002"));
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(
                        "nothing was done\n",
                        command("dead-letters", "drop", id).stdout());
                assertEquals(
                        "1 letter is deleted\n",
                        command("dead-letters", "drop", id, "--yes").stdout());
                assertEquals(
                        "no dead letters\n", command("dead-letters", "list").stdout());
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    @Test
    void aSinkWhoseChangesAreGoneBeginsAnew() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("renamed");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t");
            String late = "- {name: late, type: stdout, start: now}\n";
            for (String sinks : List.of(OUT, OUT, late, late, late)) { // the first one makes the slot
                statement.execute("INSERT INTO t SELECT coalesce(max(id), 0) + 1 FROM t");
                Path config = Files.writeString(
                        config(server, database, sinks),
                        Files.readString(config(server, database, sinks))
                                .replace("retain_bytes: 10000000", "retain_bytes: 0"));
                try (CdcProcess run = run(config, "--until-caught-up")) {
                    assertEquals(0, run.awaitExit(), run.stderr());
                }
            }
            Path back = config(server, database, OUT);
            try (CdcProcess run = run(back, "--until-caught-up")) {
                assertEquals(1, run.awaitExit());
                assertTrue(
                        run.stderr().contains("CDC-409") && run.stderr().contains("cdc sink reset out"), run.stderr());
            }
            CommandRun configured = CommandRun.of(List.of("sink", "forget", "out", "-c", back.toString(), "--yes"));
            assertTrue(configured.stderr().contains("cdc sink reset out"), configured.stderr());
            assertTrue(command("sink", "reset", "nobody", "--yes").stderr().contains("late, out"));
            assertTrue(command("sink", "reset", "out").stdout().endsWith("nothing was done\n"));
            CommandRun reset = CommandRun.of(List.of("sink", "reset", "out", "-c", back.toString(), "--yes"));
            assertEquals(0, reset.exitCode(), reset.stderr());
            assertTrue(reset.stdout().contains("start: beginning"), reset.stdout());
            assertEquals(0, command("sink", "forget", "late", "--yes").exitCode());
            statement.execute("INSERT INTO t VALUES (100)");
            try (CdcProcess run = run(back, "--until-caught-up")) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertTrue(Files.readString(run.stdout()).contains("\"new_data\":{\"id\":100}"));
            }
        } finally {
            server.dropDatabase(database);
        }
    }
}
