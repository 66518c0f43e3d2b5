package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FreePort;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented Python client follows a pipeline whose only sink is a feed. Both are killed now and then. */
class FeedIT {

    private static final Path CLIENT =
            Path.of("..", "examples", "feed", "follow.py").toAbsolutePath().normalize();
    private static final int KILLS = 4;
    private static final int ROWS = 50;

    private final int port = FreePort.find();

    @TempDir
    Path directory;

    private Path config(PgServer server, String database) throws IOException {
        return Files.writeString(directory.resolve("cdc.yaml"), """
                source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                queue: {dir: "%3$s", confirm: queue, retain_bytes: 100000000}
                http: 127.0.0.1:%4$d
                sinks: [{name: live, type: feed}]
                """.formatted(
                        server.url(database), database, directory.resolve("queue"), port));
    }

    private Process client() throws IOException {
        return new ProcessBuilder("python3", CLIENT.toString(), "http://localhost:" + port + "/changes?sink=live")
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .redirectError(directory.resolve("client.err").toFile())
                .start();
    }

    private Path output() {
        return directory.resolve("client.out");
    }

    /** Returns the ids that the client told of, in order. */
    private List<Integer> told() throws IOException {
        return Files.readAllLines(output()).stream()
                .filter(line -> line.matches("INSERT t \\{'id': \\d+}"))
                .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .toList();
    }

    private CdcProcess run(Path config) {
        CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString());
        run.await("the start", () -> run.stderr().contains("sinks: live (feed)"));
        return run;
    }

    @Test
    void theDocumentedClientMissesNothing() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3"))),
                "no python3 here: apt-get install python3, and this test runs");
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("feed");
        Files.writeString(output(), "", StandardOpenOption.CREATE);
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t");
            Path config = config(server, database);
            CdcProcess run = run(config);
            Process client = client();
            try {
                for (int kill = 1; kill <= KILLS; kill++) {
                    statement.execute("INSERT INTO t SELECT generate_series(" + ((kill - 1) * ROWS + 1) + ", "
                            + kill * ROWS + ")");
                    if (kill % 2 == 0) {
                        client.destroyForcibly().waitFor();
                        client = client();
                    } else {
                        run.kill();
                        run.awaitExit();
                        run = run(config);
                    }
                    int last = kill * ROWS;
                    Await.until("row " + last, () -> told().contains(last));
                }
            } finally {
                client.destroyForcibly();
                run.close();
            }
            List<Integer> all = IntStream.rangeClosed(1, KILLS * ROWS).boxed().toList();
            assertEquals(all, told().stream().distinct().toList());
            int repeats = told().size() - all.size();
            assertTrue(repeats <= KILLS * ROWS / 2, repeats + " repeats");
        }
        server.dropDatabase(database);
    }
}
