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
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose start waits for its slot answers through its control socket, with a new queue and with one that has changes. */
class StartingTest {

    @TempDir
    Path directory;

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("-c", directory.resolve("cdc.yaml").toString()));
        return CommandRun.of(arguments);
    }

    private JsonNode status() throws IOException {
        CommandRun run = command("status", "--json");
        JsonNode status = new ObjectMapper().readTree(run.stdout().isEmpty() ? "{}" : run.stdout());
        if (!run.stdout().isEmpty()) {
            StatusSchema.check(status);
        }
        return status;
    }

    private static String code(JsonNode status) {
        return status.path("source").path("error").path("code").asText();
    }

    @Test
    void aStartThatWaitsAnswers() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("starting");
        String slot = database + "_slot";
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            statement.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
            Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s, publications: [p]}
                    queue: {dir: "%3$s"}
                    sinks:
                    - {name: log, type: change_logs, url: "%1$s", create: true}
                    """.formatted(
                            server.url(database), slot, directory.resolve("queue")));
            statement.execute("INSERT INTO t VALUES (1)");

            JsonNode first = waiting(server, database, slot);
            assertFalse(first.path("source").has("durable_lsn"), "the queue is new");
            statement.execute("INSERT INTO t VALUES (2)");
            JsonNode second = waiting(server, database, slot);
            assertTrue(
                    second.path("source").path("durable_lsn").asText().matches("[1-9A-F].*|0/.{4,}"),
                    second.toString());
            assertTrue(second.path("sinks").path(0).path("position").isTextual(), second.toString());
        } finally {
            server.dropDatabase(database);
        }
    }

    /** Runs until it has caught up, while another reader has the slot for a moment. Returns the status in that moment. */
    private JsonNode waiting(PgServer server, String database, String slot) throws Exception {
        CompletableFuture<CommandRun> run;
        JsonNode status;
        try (SilentReader reader = new SilentReader(server, database, slot, "p")) {
            run = CompletableFuture.supplyAsync(() -> command("run", "--until-caught-up"));
            Await.until("the wait", () -> code(status()).equals("CDC-104"));
            status = status();
            assertEquals("starting", status.path("state").asText());
            assertEquals("down", status.path("health").asText());
            assertEquals(slot, status.path("source").path("slot").asText());
            String said = status.path("problems").path(0).asText();
            assertTrue(
                    said.startsWith("the pipeline is starting: CDC-104 slot \"" + slot + "\" is in use by process "
                            + reader.pid() + " (another reader"),
                    said);
            CommandRun screen = command("status");
            assertEquals(4, screen.exitCode());
            assertTrue(screen.stdout().contains(", starting for "), screen.stdout());
            CommandRun order = command("pause");
            assertTrue(order.stderr().startsWith("CDC-605 pipeline " + slot + " is starting, "), order.stderr());
        }
        assertEquals(0, run.get().exitCode(), run.get().stderr());
        assertFalse(Files.exists(directory.resolve("queue/control")), "removed at the end");
        return status;
    }
}
