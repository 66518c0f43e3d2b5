package org.example.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged sink in the plugins folder of the packaged command. */
class HttpSinkIT {

    @TempDir
    Path directory;

    @Test
    void theCommandPostsWhatChanges() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        Files.copy(jar(), plugins.resolve("http-sink.jar"));
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("http");
        try (Receiver receiver = new Receiver();
                Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("SET synchronous_commit = on");
            sql.execute("CREATE TABLE users (user_id int PRIMARY KEY, email text)");
            sql.execute("CREATE PUBLICATION users_pub FOR TABLE users");
            sql.execute("SELECT pg_create_logical_replication_slot('http', 'pgoutput')");
            sql.execute("INSERT INTO users VALUES (42, 'ada@example.com')");
            Path config = Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%s", slot: http, publications: [users_pub]}
                    queue: {dir: "%s"}
                    sinks:
                      - {name: hook, type: http, url: "%s"}
                    """.formatted(
                            server.url(database), directory.resolve("queue"), receiver.url()));
            List<String> options = List.of("-Xmx256m", "-Dcdc.plugins=" + plugins);
            try (CdcProcess cdc =
                    CdcProcess.start(directory, options, "run", "-c", config.toString(), "--until-caught-up")) {
                assertEquals(0, cdc.awaitExit(), cdc.stderr());
            }
            sql.execute("SELECT pg_drop_replication_slot('http')");
            assertEquals(1, receiver.lines().size());
            String line = receiver.lines().get(0);
            assertTrue(line.contains("\"new_data\":{\"user_id\":42,\"email\":\"ada@example.com\"}"), line);
        }
    }

    private static Path jar() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(f -> f.getFileName().toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
