package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role's password is changed while a pipeline uses it: the source runs a command, one sink reads a file, the other .pgpass. */
class PasswordRotationTest {

    @TempDir
    Path directory;

    private final PgServer server = PgServer.shared(18);
    private final String database;
    private final String role;
    private final Connection connection;
    private final Statement statement;

    PasswordRotationTest() throws SQLException {
        database = server.createDatabase("rotated");
        role = database + "_role";
        connection = server.connect(database);
        statement = connection.createStatement();
        sql(
                "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'first'",
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE PUBLICATION p FOR TABLE t");
    }

    @AfterEach
    void tearDown() throws Exception {
        sql("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
        connection.close();
        server.dropDatabase(database);
    }

    private void sql(String... statements) throws SQLException {
        for (String sql : statements) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void writeToken(String password) throws IOException {
        Path fresh = Files.writeString(directory.resolve("fresh"), password + "\n");
        Files.move(fresh, directory.resolve("token"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeFiles(String password) throws IOException {
        Files.writeString(directory.resolve("password"), password + "\n");
        Path passFile = Files.writeString(directory.resolve("pgpass"), "*:*:*:" + role + ":" + password + "\n");
        Files.setPosixFilePermissions(passFile, PosixFilePermissions.fromString("rw-------"));
    }

    /** Returns how often the source's command ran. */
    private long logins() throws IOException {
        return Files.size(directory.resolve("logins"));
    }

    private Pipeline pipeline() throws IOException {
        String address = "@localhost:" + server.port() + "/" + database;
        Path config =
                Files.writeString(directory.resolve("cdc.yaml"), """
                source:
                  url: "postgresql://%1$s%2$s"
                  password_command: [sh, -c, "printf x >> %3$s/logins; cat %3$s/token"]
                  slot: %4$s_slot
                  publications: [p]
                  create_slot: true
                queue: {dir: "%3$s/queue"}
                sinks:
                - {name: file, type: change_logs, url: "postgresql://%1$s:${file:%3$s/password}%2$s", create: true, schema: of_file}
                - {name: pass, type: change_logs, url: "postgresql://%1$s%2$s?passfile=%3$s/pgpass", create: true, schema: of_pass}
                """.formatted(role, address, directory, database));
        SinkProviders providers = SinkProviders.ofProcess();
        LoadedConfig loaded = ConfigLoader.load(config, Flags.NONE, Environment.ofProcess(), providers.byType())
                .one();
        return new Pipeline(loaded.pipeline(), providers.create(loaded.pipeline()));
    }

    @Test
    void rotatedPasswordsNeedNoRestart() throws Exception {
        writeToken("first");
        writeFiles("first");
        Pipeline pipeline = pipeline();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        pipeline.run();
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "test-rotation");
        thread.start();
        try {
            Await.until("the stream", () -> failure.get() != null || isStreaming());
            sql("INSERT INTO t VALUES (1)");
            Await.until("the first row", () -> failure.get() != null || areAt(1));

            sql("ALTER ROLE " + role + " PASSWORD 'second'", "INSERT INTO t VALUES (2)");
            kill();
            // the server has the new password before the files have it
            long before = logins();
            Await.until("a refused login of the source", () -> failure.get() != null || logins() > before + 1);
            writeToken("second");
            Await.until("refused logins of the sinks", () -> failure.get() != null || areRefused(pipeline.status()));
            writeFiles("second");
            Await.until("the second row", () -> failure.get() != null || areAt(2));
            assertNull(failure.get());
        } finally {
            pipeline.control().stop();
            thread.join();
        }
        assertNull(failure.get());
    }

    private void kill() throws SQLException {
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    private boolean isStreaming() throws SQLException {
        return ask("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + database + "_slot'")
                .equals("1");
    }

    private static boolean areRefused(PipelineStatus status) {
        return status.sinks().stream()
                .allMatch(sink -> String.valueOf(sink.trouble()).contains("refused the password"));
    }

    private boolean areAt(int rows) throws SQLException {
        return has("of_file", rows) && has("of_pass", rows);
    }

    private boolean has(String schema, int rows) throws SQLException {
        String table = schema + ".change_logs";
        return ask("SELECT to_regclass('" + table + "') IS NOT NULL").equals("t")
                && ask("SELECT count(*) FROM " + table).equals(String.valueOf(rows));
    }
}
