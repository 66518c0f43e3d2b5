package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a real run: by the command, and over HTTP; while it runs, when a sink is in trouble, and when it was killed. */
class StatusIT {

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private CommandRun status(String... words) {
        List<String> arguments = new ArrayList<>(List.of("status"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    private JsonNode json() throws IOException {
        JsonNode status = new ObjectMapper().readTree(status("--json").stdout());
        StatusSchema.check(status);
        return status;
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aRunIsSeen() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("seen");
        int port = FreePort.find();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");
            statement.execute("CREATE PUBLICATION p FOR TABLE t");
            Path config = Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_slot, publications: [p], create_slot: true}
                    queue: {dir: "%3$s"}
                    http: 127.0.0.1:%4$d
                    sinks:
                    - {name: out, type: stdout}
                    - {name: log, type: change_logs, url: "%1$s", create: true}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue"), port));
            try (CdcProcess run = CdcProcess.start(directory, "run", "-c", config.toString())) {
                run.await("the control socket", () -> status().exitCode() == 0);
                statement.execute("INSERT INTO t SELECT generate_series(1, 3)");
                run.await("three changes in each sink", () -> taken(json(), 0) == 3 && taken(json(), 1) == 3);
                healthy(port, database);
                CommandRun top = CommandRun.of(
                        List.of("top", "--queue-dir", directory.resolve("queue").toString()));
                assertTrue(top.stdout().contains("1 table with changes"), top.stdout() + top.stderr());
                assertTrue(top.stdout().contains("public.t "), top.stdout());

                assertEquals(
                        0,
                        CommandRun.of(List.of(
                                        "pause",
                                        "--sink",
                                        "log",
                                        "--queue-dir",
                                        directory.resolve("queue").toString()))
                                .exitCode());
                statement.execute("INSERT INTO t SELECT generate_series(4, 10)");
                run.await(
                        "seven changes that the sink lacks",
                        () -> json().path("sinks").path(1).path("lag_changes").asLong() == 7);
                degraded(port, database);
                run.kill();
                run.awaitExit();
            }
            CommandRun down = status();
            assertEquals(4, down.exitCode(), down.stderr());
            assertTrue(down.stdout().contains("! no pipeline runs on this queue: cdc run"), down.stdout());
            assertEquals(7, json().path("sinks").path(0).path("lag_changes").asLong(), "log is the first by name");
            filesAreRead();
            slotsAreChanged(config.toString(), database + "_slot", statement);
        } finally {
            server.dropDatabase(database);
        }
    }

    private CommandRun queue(String... words) {
        List<String> arguments = new ArrayList<>(List.of("queue"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--queue-dir", directory.resolve("queue").toString()));
        return CommandRun.of(arguments);
    }

    /** The run was killed: its files tell what it has. */
    private void filesAreRead() throws IOException {
        CommandRun info = queue("info");
        assertEquals(0, info.exitCode(), info.stderr());
        assertTrue(info.stdout().contains("changes       10 in "), info.stdout());
        assertTrue(info.stdout().contains("sink          log has all up to "), info.stdout());
        assertTrue(queue("verify").stdout().startsWith("no damage: 10 changes in "), "whole");

        List<String> all = queue("cat", "--json").stdout().lines().toList();
        assertEquals(10, all.size());
        JsonNode fourth = new ObjectMapper().readTree(all.get(3));
        assertEquals(4, fourth.path("new_data").path("id").asInt(), all.get(3));
        String position = fourth.path("position").asText();
        assertEquals(
                all.subList(3, 10),
                queue("cat", "--json", "--from", position).stdout().lines().toList());
        assertEquals(
                all.subList(0, 4),
                queue("cat", "--json", "--to", position).stdout().lines().toList());
        assertEquals(
                10,
                queue("cat", "--table", "public.*", "--from", "2020-01-01T00:00:00Z")
                        .stdout()
                        .lines()
                        .count());
        assertEquals("", queue("cat", "--table", "public.other").stdout());
        assertEquals("", queue("cat", "--to", "2020-01-01T00:00:00Z").stdout());
        assertEquals(2, queue("cat", "--from", "yesterday").exitCode());
        assertEquals(2, queue("cat", "--table", "users").exitCode());

        Path segments = directory.resolve("queue").resolve("segments");
        Path file;
        try (Stream<Path> files = Files.walk(segments)) {
            file = files.filter(path -> path.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        int at = lastByteOfData(bytes);
        bytes[at] ^= 1;
        Files.write(file, bytes);
        CommandRun damaged = queue("verify");
        assertEquals(1, damaged.exitCode(), damaged.stdout());
        assertTrue(damaged.stderr().startsWith("CDC-40"), damaged.stderr());
        assertTrue(damaged.stderr().contains(file.getFileName().toString()), damaged.stderr());
    }

    private static CommandRun slot(String command, String config, String... words) {
        List<String> arguments = new ArrayList<>(List.of("slot", command, "-c", config));
        arguments.addAll(List.of(words));
        return CommandRun.of(arguments);
    }

    /** The run's slot, which nobody uses now, is looked at, advanced, dropped and created again. */
    private static void slotsAreChanged(String config, String name, Statement statement) throws Exception {
        Await.until(
                "the slot that nobody uses",
                () -> slot("list", config)
                        .stdout()
                        .lines()
                        .anyMatch(line -> line.startsWith(name) && line.contains("nobody")));
        slot("list", config).stdout().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        String end;
        try (var row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
            row.next();
            end = row.getString(1);
        }
        CommandRun unanswered = slot("advance", config, "--to", end);
        assertEquals(1, unanswered.exitCode(), "nobody is there to answer");
        assertTrue(unanswered.stderr().contains("are lost. Advance slot " + name), unanswered.stderr());
        CommandRun advanced = slot("advance", config, "--to", end, "--yes");
        assertEquals("slot " + name + " is at " + end + "\n", advanced.stdout(), advanced.stderr());
        assertEquals(
                "slot " + name + " is at " + end + " already\n",
                slot("advance", config, "--to", end).stdout());
        assertEquals(2, slot("advance", config, "--to", "here").exitCode());
        assertEquals(
                "slot " + name + " is dropped\n", slot("drop", config, "--yes").stdout());
        CommandRun missing = slot("drop", config, "--yes");
        assertTrue(missing.stderr().startsWith("CDC-103 there is no slot \"" + name + "\""), missing.stderr());
        assertTrue(slot("create", config).stdout().startsWith("slot " + name + " keeps the changes after "), "created");
        assertEquals(0, slot("drop", config, "--yes").exitCode());
    }

    private static int lastByteOfData(byte[] bytes) {
        int at = bytes.length - 1;
        while (bytes[at] == 0) {
            at--;
        }
        return at;
    }

    private static long taken(JsonNode status, int sink) {
        return status.path("sinks").path(sink).path("changes").asLong();
    }

    private void healthy(int port, String database) throws Exception {
        CommandRun screen = status();
        assertEquals(0, screen.exitCode(), screen.stderr());
        screen.stdout().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(screen.stdout().startsWith(database + "_slot: HEALTHY"), screen.stdout());
        assertEquals(200, get(port, "/health/live").statusCode());
        assertEquals(200, get(port, "/health/ready").statusCode());
        JsonNode overHttp = new ObjectMapper().readTree(get(port, "/status").body());
        assertEquals("healthy", overHttp.path("health").asText());
        String metrics = get(port, "/metrics").body();
        String labels = "{pipeline=\"" + database + "_slot\",sink=\"log\"}";
        assertTrue(metrics.contains("pgcdc_sink_changes_total" + labels + " 3.0\n"), metrics);
        assertTrue(metrics.contains("pgcdc_sink_lag_seconds" + labels + " 0.0\n"), metrics);
        assertTrue(metrics.contains("pgcdc_sink_commit_to_durable_seconds_count" + labels + " 1\n"), metrics);
        Promtool.check(metrics, directory);
    }

    private void degraded(int port, String database) throws Exception {
        CommandRun screen = status();
        assertEquals(3, screen.exitCode(), screen.stderr());
        assertTrue(screen.stdout().contains("! sink log is paused: cdc resume --sink log\n"), screen.stdout());
        HttpResponse<String> ready = get(port, "/health/ready");
        assertEquals(503, ready.statusCode());
        assertEquals(
                "{\"ready\":false,\"problems\":{\"" + database
                        + "_slot\":[\"sink log is paused: cdc resume --sink log\"]}}\n",
                ready.body());
        assertEquals(200, get(port, "/health/live").statusCode());
    }
}
