package org.example.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged sink in the plugins folder of the packaged command. */
class HttpSinkIT {

    private static final Path LIB = Path.of("../../cdc-cli/target/dist/lib");

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
            Path config = Files.writeString(
                    directory.resolve("cdc.yaml"), """
                    source: {url: "%s", slot: http, publications: [users_pub]}
                    queue: {dir: queue}
                    sinks:
                      - {name: hook, type: http, url: "%s"}
                    """.formatted(server.url(database), receiver.url()));
            assertEquals(0, cdc(plugins, "run", "-c", config.toString(), "--until-caught-up"), this::said);
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

    private int cdc(Path plugins, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of(System.getProperty("pgcdc.jvm.args").trim().split("\\s+")));
        command.addAll(List.of("-Dcdc.plugins=" + plugins, "-cp", LIB.toAbsolutePath() + "/*", "io.pgcdc.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("PGPASSFILE", PgServer.passFile().toString());
        return builder.start().waitFor();
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
