package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says on standard error, as text and as JSON. Times, places and names of the test are replaced. */
class LogIT {

    @TempDir
    Path directory;

    private String masked(String text, PgServer server, String database) {
        return text.replace(database, "shop")
                .replace(directory.toString(), "/var/lib/cdc")
                .replace(":" + server.port() + "/", ":5432/")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "2026-01-02T03:04:05.678Z")
                .replaceAll("version \\S+ starts, on Java [^\"\\s]+", "version 1.0.0 starts, on Java 21.0.1+12")
                .replaceAll("PostgreSQL [0-9.]+ at \\S+ as", "PostgreSQL 18.1 at localhost:5432/shop as")
                .replaceAll("system \\d+", "system 7446389164284293000")
                .replaceAll("[0-9A-F]+/[0-9A-F]{2,}", "0/1A2B3C8");
    }

    private static String golden(String name) throws Exception {
        Path file = Path.of(System.getProperty("pgcdc.root", ""), "cdc-cli/src/test/resources/io/pgcdc/cli", name);
        return Files.readString(file);
    }

    @Test
    void aStartSaysWhatItFoundInFiveLines() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("logged");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            Path config = Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_cdc, publications: [p], create_slot: true}
                    queue: {dir: "%3$s"}
                    sinks:
                    - {name: out, type: stdout}
                    - {name: audit, type: change_logs, url: "%1$s", create: true}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue")));
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString(), "--until-caught-up")) {
                assertEquals(0, run.awaitExit(), run.stderr());
                assertEquals(golden("start.txt"), masked(run.stderr(), server, database));
            }
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString(), "--log-format", "json")) {
                run.await("the start", () -> run.stderr().contains("\"sinks: "));
                statement.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '"
                        + database + "'");
                run.await("another connection", () -> run.stderr().contains("connected again"));
                aWaitThatFailsSaysWhatTheProcessDoes(run);
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
                List<String> lines = run.stderr().lines().toList();
                assertEquals(
                        golden("start.json"),
                        masked(lines.stream().limit(5).collect(Collectors.joining("\n")) + "\n", server, database));
                JsonNode lost = new ObjectMapper().readTree(lines.get(5));
                assertEquals("CDC-114", lost.get("code").asText());
                assertEquals("warn", lost.get("level").asText());
                for (String line : lines) {
                    assertTrue(new ObjectMapper().readTree(line).isObject(), line);
                }
            }
        } finally {
            server.dropDatabase(database);
        }
    }

    private static void aWaitThatFailsSaysWhatTheProcessDoes(CdcProcess run) {
        String message = assertThrows(AssertionError.class, () -> run.await("nothing", Duration.ZERO, () -> false))
                .getMessage();
        assertTrue(message.contains("connected again"), message);
        assertTrue(message.contains("/sink-audit\""), message);
    }

    @Test
    void withJsonAnErrorIsJsonAsWell() throws Exception {
        try (CdcProcess run = CdcProcess.start(directory, "run", "--log-format=json", "--slott", "x")) {
            assertEquals(2, run.awaitExit());
            AssertionError ended = assertThrows(AssertionError.class, () -> run.await("a line", () -> false));
            assertTrue(ended.getMessage().startsWith("cdc ended before a line"), ended.getMessage());
            JsonNode error = new ObjectMapper().readTree(run.stderr());
            assertEquals("CDC-001", error.get("code").asText());
        }
    }
}
