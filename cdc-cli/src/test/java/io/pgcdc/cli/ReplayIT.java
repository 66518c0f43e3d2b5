package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command replays changes to its standard output, is killed in the middle, and goes on with the replay. */
class ReplayIT {

    private static final int TRANSACTIONS = 3_000;

    @TempDir
    Path directory;

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    /** Returns the positions of whole lines. */
    private static List<String> positions(CdcProcess run) throws IOException {
        String text = Files.readString(run.stdout());
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.replaceFirst("\\{\"position\":\"([^\"]+)\".*", "$1"))
                .toList();
    }

    @Test
    void aKilledReplayGoesOnAndThenTheSinkContinues() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("replayed");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            Path config = Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                    queue: {dir: "%3$s", retain_bytes: 100000000, segment_bytes: 16384}
                    sinks:
                    - {name: out, type: stdout}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue")));
            List<String> all;
            List<String> before;
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                run.await("the stream", () -> RunState.isRunning(directory.resolve("queue")));
                for (int i = 0; i < TRANSACTIONS; i++) {
                    statement.execute("INSERT INTO t VALUES (" + i + ", repeat('x', 1000))");
                }
                run.await("the rows", () -> positions(run).size() == TRANSACTIONS);
                all = positions(run);

                CommandRun asked = command("replay", "--sink", "out", "--from", all.get(0));
                assertEquals(1, asked.exitCode(), asked.stderr());
                assertTrue(asked.stdout().endsWith("nothing was done\n"), asked.stdout());
                assertTrue(asked.stdout().contains("gets these changes again"), asked.stdout());
                CommandRun early = command("replay", "--sink", "out", "--from", "2020-01-01T00:00:00Z", "--yes");
                assertTrue(early.stderr().startsWith("CDC-409"), early.stderr());
                assertTrue(early.stderr().contains(all.get(0)), early.stderr());
                CommandRun malformed = command("replay", "--sink", "out", "--from", "yesterday", "--yes");
                assertTrue(malformed.stderr().startsWith("CDC-605"), malformed.stderr());
                CommandRun none = command("replay", "--sink", "out", "--cancel");
                assertTrue(none.stderr().startsWith("CDC-525"), none.stderr());

                long bytes = run.stdoutBytes();
                CommandRun begun = command("replay", "--sink", "out", "--from", all.get(0), "--yes");
                assertEquals(0, begun.exitCode(), begun.stderr());
                run.await("a part of the replay", () -> run.stdoutBytes() > bytes + 200_000);
                run.kill();
                before = positions(run);
            }
            String stopped = command("status").stdout();
            assertTrue(stopped.contains("! sink out has not finished its replay: the next run continues it"), stopped);
            assertTrue(stopped.contains(all.get(TRANSACTIONS - 1)), "the replay does not move its place");
            int replayed = before.size() - TRANSACTIONS;
            assertEquals(all, before.subList(0, TRANSACTIONS));
            assertEquals(all.subList(0, replayed), before.subList(TRANSACTIONS, before.size()));
            statement.execute("INSERT INTO t VALUES (-1, 'new')");
            List<String> after;
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString(), "--until-caught-up")) {
                assertEquals(0, run.awaitExit(), run.stderr());
                after = positions(run);
            }
            int from = TRANSACTIONS - (after.size() - 1);
            System.out.println("ReplayIT: killed after " + replayed + " of " + TRANSACTIONS + ", went on from " + from);
            assertTrue(from <= replayed, "no change of the replay is left out");
            assertTrue(from > 0 || replayed == TRANSACTIONS, "it goes on, and does not begin again");
            assertEquals(all.subList(from, TRANSACTIONS), after.subList(0, after.size() - 1));
            assertTrue(after.get(after.size() - 1).compareTo(all.get(all.size() - 1)) > 0, "the new change");
        } finally {
            server.dropDatabase(database);
        }
    }
}
