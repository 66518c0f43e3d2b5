package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A very large row, of 100 MB in a soak: it passes where max_row_bytes allows it, and is an error with a name where not. */
class LargeRowIT {

    private static final int CHARACTERS = Soak.count(30_000_000, 100_000_000);

    private static final long TOO_LITTLE = CHARACTERS / 10L * 9;
    private static final long ENOUGH = CHARACTERS / 10L * 13;
    private static final String HEAP = "-Xmx" + CHARACTERS / 100_000 + "m";

    @TempDir
    Path directory;

    @Test
    void aVeryLargeRow() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("large");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
            statement.execute(CdcProcess.PUBLISH_EVERYTHING);
            statement.execute(CdcProcess.createSlot("large"));
            statement.execute("INSERT INTO t VALUES (1, 'before')");
            statement.execute("INSERT INTO t VALUES (2, repeat('z', " + CHARACTERS + "))");
            statement.execute("INSERT INTO t VALUES (3, 'behind')");
            try (CdcProcess run = start(server.url(database), TOO_LITTLE, HEAP)) {
                assertTrue(run.awaitExit() > 0);
                assertTrue(
                        run.stderr().contains("a row of table public.t takes " + CHARACTERS / 1_000)
                                && run.stderr()
                                        .contains("more than max_row_bytes = " + TOO_LITTLE + ". Raise max_row_bytes"),
                        run.stderr());
            }
            try (CdcProcess run = start(server.url(database), ENOUGH, HEAP)) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(CHARACTERS, count(run.stdout(), 'z'));
                // "before" was delivered by the run that was stopped, or by this one
                assertTrue(count(run.stdout(), '\n') >= 2);
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    private CdcProcess start(String url, long maxRowBytes, String heap) throws IOException {
        Path config = directory.resolve("cdc.yaml");
        Files.write(
                config,
                List.of(
                        "source:",
                        "  url: " + url,
                        "  slot: large",
                        "  publications: [everything]",
                        "queue: {dir: " + directory.resolve("queue") + "}",
                        "max_row_bytes: " + maxRowBytes,
                        "sinks:",
                        "  - {name: out, type: stdout}"));
        return CdcProcess.start(
                directory,
                List.of(heap, "-XX:+ExitOnOutOfMemoryError"),
                "run",
                "-c",
                config.toString(),
                "--until-caught-up");
    }

    private static long count(Path file, char wanted) throws IOException {
        long found = 0;
        byte[] part = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                for (int i = 0; i < length; i++) {
                    found += part[i] == wanted ? 1 : 0;
                }
            }
        }
        return found;
    }
}
