package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FreePort;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** One process with two pipelines, of which one fails, and is run again beside the other. */
class PipelinesIT {

    @TempDir
    Path directory;

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("-c", directory.resolve("cdc.yaml").toString()));
        return CommandRun.of(arguments);
    }

    private Path configure(PgServer server, String good, String bad, int port, int mostBytes) throws IOException {
        return Files.writeString(directory.resolve("cdc.yaml"), """
                http: 127.0.0.1:%5$d
                pipelines:
                - name: good
                  source: {url: "%1$s", slot: %2$s, publications: [p], create_slot: true}
                  queue: {dir: "%4$s/good"}
                  sinks: [{name: out, type: stdout}]
                - name: bad
                  source: {url: "%6$s", slot: %3$s, publications: [p], create_slot: true}
                  queue: {dir: "%4$s/bad"}
                  max_row_bytes: %7$d
                  sinks: [{name: log, type: change_logs, url: "%6$s", create: true}]
                """.formatted(
                        server.url(good), good, bad, directory, port, server.url(bad), mostBytes));
    }

    @Test
    void aPipelineThatFailsEndsAlone() throws Exception {
        PgServer server = PgServer.shared(18);
        String good = server.createDatabase("good");
        String bad = server.createDatabase("bad");
        int port = FreePort.find();
        try (Connection toGood = server.connect(good);
                Connection toBad = server.connect(bad);
                Statement inGood = toGood.createStatement();
                Statement inBad = toBad.createStatement()) {
            for (Statement statement : List.of(inGood, inBad)) {
                statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
                statement.execute("CREATE PUBLICATION p FOR TABLE t");
            }
            Path config = configure(server, good, bad, port, 1_024);
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                Await.until("both", () -> command("status").exitCode() == 0);
                assertTrue(command("status").stdout().startsWith("2 pipelines: 2 healthy\n\n"));
                assertEquals(200, get(port, "/health/ready").statusCode());

                inBad.execute("INSERT INTO t VALUES (1, 'small'), (2, repeat('x', 2000))");
                Await.until("the end of one", () -> run.stderr().contains("bad/pipeline: CDC-"));
                inGood.execute("INSERT INTO t SELECT g, 'goes on' FROM generate_series(1, 5) g");
                Await.until(
                        "the other's changes",
                        () -> Files.readAllLines(run.stdout()).size() == 5);
                oneIsDown(port);
                CommandRun top = command("top");
                assertEquals(1, top.exitCode());
                assertTrue(top.stdout().contains("good: 1 table with changes"), top.stdout() + top.stderr());
                assertTrue(top.stdout().contains("bad: CDC-604"), top.stdout());
                pauseNeedsAName();

                configure(server, good, bad, port, 100_000);
                try (CdcProcess again = CdcProcess.start(
                        directory, "run", "-c", config.toString(), "--pipeline", "bad", "--http", "127.0.0.1:0")) {
                    Await.until("both again", () -> command("status").exitCode() == 0);
                    inBad.execute("INSERT INTO t VALUES (3, 'small')");
                    Await.until("all changes of it", () -> rows(inBad) == 3);
                    again.terminate();
                    assertEquals(0, again.awaitExit(), again.stderr());
                }
                run.terminate();
                assertEquals(1, run.awaitExit(), run.stderr());
                assertTrue(run.stderr().contains("cdc run -c FILE --pipeline bad --http 127.0.0.1:0"), run.stderr());
                assertFalse(run.stderr().contains("good/pipeline: CDC-"), run.stderr());
            }
        } finally {
            server.dropDatabase(good);
            server.dropDatabase(bad);
        }
    }

    private static int rows(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM cdc_pattern.change_logs")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void oneIsDown(int port) throws IOException, InterruptedException {
        CommandRun json = command("status", "--json");
        assertEquals(3, json.exitCode(), json.stderr());
        JsonNode status = new ObjectMapper().readTree(json.stdout());
        assertEquals("degraded", status.path("health").asText());
        assertEquals("good", status.at("/pipelines/0/pipeline").asText());
        assertEquals("running", status.at("/pipelines/0/state").asText());
        assertEquals("bad", status.at("/pipelines/1/pipeline").asText());
        assertEquals("stopped", status.at("/pipelines/1/state").asText());
        assertTrue(command("status").stdout().startsWith("2 pipelines: 1 down, 1 healthy\n\n"));

        assertEquals(200, get(port, "/health/live").statusCode());
        HttpResponse<String> ready = get(port, "/health/ready");
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().contains("\"problems\":{\"bad\":["), ready.body());
        JsonNode served = new ObjectMapper().readTree(get(port, "/status").body());
        assertEquals("failed", served.at("/pipelines/1/state").asText());
        String metrics = get(port, "/metrics").body();
        assertTrue(metrics.contains("{pipeline=\"good\"") && metrics.contains("{pipeline=\"bad\""), metrics);
    }

    private void pauseNeedsAName() {
        CommandRun unnamed = command("pause", "--sink", "out");
        assertEquals(2, unnamed.exitCode());
        assertEquals(
                "CDC-006 the file has the pipelines good, bad. Name one: --pipeline good",
                unnamed.stderr().strip());
        for (String word : List.of("pause", "resume")) {
            CommandRun named = command(word, "--sink", "out", "--pipeline", "good");
            assertEquals(0, named.exitCode(), named.stderr());
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
