package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cdc status --ask-server} tells of the slot of a pipeline that does not run. */
class AskServerTest {

    private static final long ROWS = 20_000;

    @TempDir
    Path directory;

    private CommandRun status(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("status", "-c", directory.resolve("cdc.yaml").toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private JsonNode source() throws IOException {
        CommandRun run = status("--ask-server", "--json");
        assertEquals(4, run.exitCode(), run.stderr());
        JsonNode status = new ObjectMapper().readTree(run.stdout());
        StatusSchema.check(status);
        return status.path("source");
    }

    private static String ask(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private void configure(String url, String slot) throws IOException {
        Files.writeString(directory.resolve("cdc.yaml"), """
                source: {url: "%1$s", slot: %2$s, publications: [p], create_slot: true}
                queue: {dir: "%3$s"}
                sinks:
                - {name: log, type: change_logs, url: "%1$s", create: true}
                """.formatted(url, slot, directory.resolve("queue")));
    }

    @Test
    void theServerIsAskedWhileNothingRuns() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("asked");
        String slot = database + "_slot";
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            configure(server.url(database), slot);
            withoutQueue(statement, slot);
            CommandRun run = CommandRun.of(
                    List.of("run", "-c", directory.resolve("cdc.yaml").toString(), "--until-caught-up"));
            assertEquals(0, run.exitCode(), run.stderr());
            Await.until(
                    "the slot's release",
                    () -> ask(statement, "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                            .equals("f"));
            statement.execute("INSERT INTO t SELECT generate_series(1, " + ROWS + ")");

            unused(statement, slot);
            used(server, database, slot);
            statement.execute("SELECT pg_drop_replication_slot('" + slot + "')");
            assertTrue(
                    source().path("wal")
                            .path("error")
                            .asText()
                            .startsWith("CDC-124 slot \"" + slot + "\" does not exist; "),
                    source().toPrettyString());
            configure(server.url(database).replace(":" + server.port(), ":1"), slot);
            unreachable();
            assertEquals(
                    2,
                    CommandRun.of(List.of("status", "--queue-dir", "q", "--ask-server"))
                            .exitCode());
        } finally {
            server.dropDatabase(database);
        }
    }

    private void withoutQueue(Statement statement, String slot) throws Exception {
        assertTrue(status().stderr().contains("CDC-401"), "without the question there is nothing to show");
        ask(statement, "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        JsonNode source = source();
        assertEquals(slot, source.path("slot").asText());
        assertEquals("reserved", source.path("wal").path("status").asText());
        String screen = status("--ask-server").stdout();
        assertTrue(screen.contains("! CDC-401 "), screen);
        assertTrue(screen.replaceAll("\\s+", " ").contains(": slot " + slot + " is not in use it holds"), screen);
        severalPipelines(slot);
        statement.execute("SELECT pg_drop_replication_slot('" + slot + "')");
    }

    /** Each one's server is asked; one that does not answer hides nothing of the other. */
    private void severalPipelines(String slot) throws IOException {
        String config = Files.readString(directory.resolve("cdc.yaml"));
        Path several = Files.writeString(
                directory.resolve("several.yaml"),
                "pipelines:\n" + member("here", config)
                        + member(
                                "away",
                                config.replaceFirst("(localhost|127\\.0\\.0\\.1):\\d+", "127.0.0.1:1")
                                        .replace("/queue", "/queue-2")));
        CommandRun run = CommandRun.of(List.of("status", "-c", several.toString(), "--ask-server", "--json"));
        assertEquals(4, run.exitCode(), run.stderr());
        JsonNode pipelines = new ObjectMapper().readTree(run.stdout()).path("pipelines");
        assertEquals("here", pipelines.path(0).path("pipeline").asText(), run.stdout());
        assertEquals(slot, pipelines.path(0).at("/source/slot").asText());
        assertEquals("reserved", pipelines.path(0).at("/source/wal/status").asText());
        assertTrue(pipelines.path(1).at("/source/wal/error").asText().startsWith("CDC-101 "), run.stdout());
        CommandRun one = CommandRun.of(List.of(
                "status",
                "-c",
                several.toString(),
                "--queue-dir",
                directory.resolve("none").toString()));
        assertTrue(one.stderr().contains("CDC-401"), "the directory is enough: " + one.stderr());
    }

    private static String member(String name, String config) {
        return "- name: " + name + "\n" + config.indent(2);
    }

    private void unused(Statement statement, String slot) throws Exception {
        JsonNode source = source();
        JsonNode wal = source.path("wal");
        assertTrue(source.path("lag_bytes").asLong() > ROWS, "unread: " + source);
        assertTrue(
                wal.path("retained_bytes").asLong() >= source.path("lag_bytes").asLong(), source.toString());
        assertEquals(
                ask(
                        statement,
                        "SELECT restart_lsn || ' ' || confirmed_flush_lsn || ' ' || wal_status"
                                + " FROM pg_replication_slots WHERE slot_name = '" + slot + "'"),
                wal.path("restart_lsn").asText() + " "
                        + wal.path("confirmed_lsn").asText() + " "
                        + wal.path("status").asText());
        assertFalse(wal.path("active").asBoolean());
        assertTrue(wal.path("used_by").isNull());
        assertTrue(wal.path("confirm").isNull());
        String screen = status("--ask-server").stdout();
        String words = screen.replaceAll("\\s+", " ");
        assertTrue(words.contains(": slot " + slot + " is not in use it holds WAL from 0/"), screen);
        assertTrue(words.contains(" held on the primary (reserved)"), screen);
        screen.lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(status().stdout().contains("server  "), "it was not asked");
    }

    private void used(PgServer server, String database, String slot) throws Exception {
        try (SilentReader reader = new SilentReader(server, database, slot, "p")) {
            JsonNode user = source().path("wal").path("used_by");
            assertEquals(reader.pid(), user.path("pid").asInt());
            assertTrue(user.path("client").asText().startsWith("another reader"), user.toString());
        }
        Await.until(
                "the slot's release", () -> !source().path("wal").path("active").asBoolean());
    }

    private void unreachable() throws IOException {
        JsonNode source = source();
        assertTrue(source.path("wal").path("error").asText().startsWith("CDC-10"), source.toPrettyString());
        assertTrue(source.path("durable_lsn").isTextual(), "what the queue holds is told all the same");
        String screen = status("--ask-server").stdout();
        assertTrue(screen.contains("\nserver  CDC-10"), screen);
    }
}
