package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set-up in which a pipeline can run: a database with a table and its publication, a role, a configuration. Tests break it, check it, and carry
 * out what the check says. In SQL, {db}, {role} and {slot} stand for its names.
 */
final class CheckedSetup implements AutoCloseable {

    /** Of the role. */
    static final String PASSWORD = "hunter2";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final PgServer server;
    private final KeptConnections kept;

    /** The superuser's connection to the setup's database: each login costs the server a process. */
    private final KeptConnections own;

    private final Path directory;
    private final String database;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private final List<Closeable> open = new ArrayList<>();
    private final List<String> atEnd = new ArrayList<>();

    private CheckedSetup(PgServer server, KeptConnections kept, Path directory, String database) {
        this.server = server;
        this.kept = kept;
        this.own = new KeptConnections(server::connect);
        this.directory = directory;
        this.database = database;
    }

    /**
     * Sets everything up.
     *
     * @param kept superuser's connections to the database {@code postgres}
     * @param directory for queue and configuration
     */
    static CheckedSetup on(PgServer server, KeptConnections kept, Path directory) throws Exception {
        CheckedSetup setup = new CheckedSetup(server, kept, directory, server.createDatabase("checked"));
        setup.elsewhere("CREATE ROLE {role} LOGIN REPLICATION PASSWORD '" + PASSWORD + "'");
        setup.sql(
                "CREATE TABLE users (id int PRIMARY KEY, label text)",
                "ALTER TABLE users REPLICA IDENTITY FULL",
                "GRANT SELECT ON users TO {role}",
                "CREATE PUBLICATION p FOR TABLE users");
        setup.config.put(
                "source",
                new LinkedHashMap<>(Map.of(
                        "url",
                        setup.url("{role}"),
                        "slot",
                        setup.filled("{slot}"),
                        "publications",
                        List.of("p"),
                        "create_slot",
                        true)));
        setup.config.put(
                "queue",
                new LinkedHashMap<>(Map.of("dir", directory.resolve("queue").toString())));
        setup.config.put("snapshot", new LinkedHashMap<>());
        setup.config.put("sinks", List.of(new LinkedHashMap<>(Map.of("name", "out", "type", "stdout"))));
        return setup;
    }

    private String filled(String text) {
        return text.replace("{db}", database).replace("{role}", database + "_r").replace("{slot}", database + "_s");
    }

    String url(String role) {
        return "postgresql://" + filled(role) + ":" + PASSWORD + "@localhost:" + server.port() + "/" + database;
    }

    Path directory() {
        return directory;
    }

    /** Runs statements as superuser in the setup's database. */
    CheckedSetup sql(String... statements) throws SQLException {
        for (String sql : statements) {
            own.execute(database, filled(sql));
        }
        return this;
    }

    /** Runs statements as superuser in the database {@code postgres}. */
    CheckedSetup elsewhere(String... statements) throws SQLException {
        for (String sql : statements) {
            kept.execute("postgres", filled(sql));
        }
        return this;
    }

    /** Runs a statement in a session that stays open. */
    CheckedSetup inSession(String sql) throws SQLException {
        Connection connection = server.connect(database);
        open.add(() -> {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IOException(e);
            }
        });
        try (Statement statement = connection.createStatement()) {
            statement.execute(filled(sql));
        }
        return this;
    }

    /** Runs a statement in the database {@code postgres} at the end. */
    CheckedSetup atEnd(String sql) {
        atEnd.add(0, sql);
        return this;
    }

    CheckedSetup closing(Closeable resource) {
        open.add(resource);
        return this;
    }

    /** Sets a value of the configuration, as a finding's remedy writes it: {@code source.create_slot: true}. */
    @SuppressWarnings("unchecked")
    CheckedSetup set(String line) throws Exception {
        int colon = line.indexOf(": ");
        String[] path = line.substring(0, colon).split("\\.");
        Object value = YAML.readValue(filled(line.substring(colon + 2)), Object.class);
        Map<String, Object> at = config;
        int first = 0;
        if (path[0].equals("sinks")) {
            at = ((List<Map<String, Object>>) config.get("sinks"))
                    .stream()
                            .filter(sink -> path[1].equals(sink.get("name")))
                            .findFirst()
                            .orElseThrow();
            first = 2;
        }
        for (int i = first; i < path.length - 1; i++) {
            at = (Map<String, Object>) at.get(path[i]);
        }
        at.put(path[path.length - 1], value);
        return this;
    }

    /** Replaces the sink by one that writes into this database. */
    CheckedSetup writesAs(String role) {
        config.put(
                "sinks",
                List.of(new LinkedHashMap<>(
                        Map.of("name", "out", "type", "change_logs", "url", url(role), "create", true))));
        return this;
    }

    Path configuration() throws Exception {
        return Files.writeString(directory.resolve("cdc.yaml"), JSON.writeValueAsString(config));
    }

    CommandRun check(String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("check", "-c", configuration().toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    /** Returns the first column of a query's first row, in a new session of the setup's database. */
    String ask(String query) throws SQLException {
        try (KeptConnections fresh = new KeptConnections(server::connect)) {
            return fresh.ask(database, filled(query));
        }
    }

    static JsonNode parse(String json) throws IOException {
        return JSON.readTree(json);
    }

    /** Returns the result of {@code cdc check --json}, whose form it has checked. */
    JsonNode checked() throws Exception {
        CommandRun run = check("--json");
        if (!run.stderr().isEmpty() || run.stdout().contains(PASSWORD)) {
            throw new AssertionError(run);
        }
        JsonNode all = JSON.readTree(run.stdout());
        if (run.exitCode() != (all.path("ok").asBoolean() ? 0 : 1)) {
            throw new AssertionError(run);
        }
        return all;
    }

    /** Returns the finding with the code whose text has the words; null: there is none. */
    static @Nullable JsonNode find(JsonNode checked, ErrorCode code, String words) {
        for (JsonNode finding : checked.path("findings")) {
            if (finding.path("code").asText().equals(code.toString())
                    && finding.path("what").asText().contains(words)) {
                return finding;
            }
        }
        return null;
    }

    /** Does what the remedy says, literally: all of its lines, in their order. */
    void apply(JsonNode finding) throws Exception {
        JsonNode remedy = finding.path("remedy");
        for (JsonNode each : remedy.path("lines")) {
            String line = each.asText();
            switch (remedy.path("kind").asText()) {
                case "sql" -> runRemedy(line);
                case "config" -> set(line);
                default -> throw new AssertionError("nothing to apply in " + finding);
            }
        }
    }

    private void runRemedy(String sql) throws Exception {
        if (sql.equals("SELECT pg_reload_conf();")) {
            reload();
            return;
        }
        if (sql.startsWith("ALTER DATABASE") || sql.startsWith("ALTER SYSTEM")) {
            elsewhere(sql);
        } else {
            sql(sql);
        }
        if (sql.startsWith("SELECT pg_terminate_backend(")) {
            String pid = sql.replaceAll("\\D", "");
            Await.until(
                    "the end of process " + pid,
                    () -> kept.ask("postgres", "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid)
                            .equals("0"));
        }
    }

    /** Has the server read its configuration, and waits for the first session that has it. */
    void reload() throws SQLException {
        String loaded = "SELECT pg_conf_load_time()";
        String before = ask(loaded);
        sql("SELECT pg_reload_conf();");
        Await.until("the configuration", () -> !ask(loaded).equals(before));
    }

    @Override
    public void close() throws IOException, SQLException {
        for (Closeable resource : open) {
            resource.close();
        }
        own.close();
        elsewhere("ALTER DATABASE {db} ALLOW_CONNECTIONS true");
        server.dropDatabase(database);
        elsewhere("DROP ROLE {role}");
        elsewhere(atEnd.toArray(String[]::new));
    }
}
