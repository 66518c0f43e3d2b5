package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/** A database with one table {@code public.users} on a real server, and the command lines that aim at it. Goes with its slots. */
final class Bench implements AutoCloseable {

    static final String PUBLICATION = "users_pub";

    private static final long DEADLINE_NANOS = 60_000_000_000L;

    private final PgServer server;
    private final Path directory;
    private final String database;
    private final String slot;
    private final KeptConnections asking;

    private Bench(PgServer server, Path directory, String database) {
        this.server = server;
        this.directory = directory;
        this.database = database;
        this.slot = database + "_cdc";
        asking = new KeptConnections(server::connect);
    }

    /** @param directory for queues and output, of this test alone */
    static Bench on(PgServer server, Path directory) throws Exception {
        Files.createDirectories(directory.resolve("queues"));
        Files.createDirectories(directory.resolve("logs"));
        Bench bench = new Bench(server, directory, server.createDatabase("bad"));
        return bench.sql("CREATE TABLE users (id int PRIMARY KEY, name text)");
    }

    PgServer server() {
        return server;
    }

    String database() {
        return database;
    }

    String slot() {
        return slot;
    }

    Path queues() {
        return directory.resolve("queues");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    /** As errors name the source. */
    String where(String role) {
        return "localhost:" + server.port() + "/" + database + " as " + role;
    }

    String url(String userInfo) {
        return "postgresql://" + userInfo + "@localhost:" + server.port() + "/" + database;
    }

    Bench sql(String... statements) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return this;
    }

    Bench createPublication() throws SQLException {
        return sql("CREATE PUBLICATION " + PUBLICATION + " FOR TABLE users");
    }

    Bench createSlot() throws SQLException {
        return sql("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }

    Bench dropSlot() throws SQLException {
        return sql("SELECT pg_drop_replication_slot('" + slot + "')");
    }

    String ask(String query) throws SQLException {
        return asking.ask(database, query);
    }

    /** All slots with their LSNs, and this database's publications. */
    String serverState() throws SQLException {
        return ask("SELECT coalesce((SELECT string_agg(concat_ws(' ', slot_name, plugin, database, confirmed_flush_lsn,"
                + " restart_lsn), E'\\n' ORDER BY slot_name) FROM pg_replication_slots WHERE NOT active), '') || E'\\n--\\n'"
                + " || coalesce((SELECT string_agg(slot_name, E'\\n' ORDER BY slot_name) FROM pg_replication_slots"
                + " WHERE active), '') || E'\\n--\\n'"
                + " || coalesce((SELECT string_agg(p::text, E'\\n' ORDER BY pubname) FROM pg_publication p), '')");
    }

    /** {@code run} with all that it needs; a flag that comes again in {@code more} replaces the first. */
    List<String> arguments(String url, String... more) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        List<String> given = List.of(more);
        List<String> base = List.of(
                "--source",
                url,
                "--slot",
                slot,
                "--publication",
                PUBLICATION,
                "--queue-dir",
                queue("queue"),
                "--sink",
                "stdout");
        for (int i = 0; i < base.size(); i += 2) {
            if (!given.contains(base.get(i))) {
                arguments.addAll(base.subList(i, i + 2));
            }
        }
        arguments.addAll(given);
        return arguments;
    }

    String queue(String name) {
        return queues().resolve(name).toString();
    }

    /** A run that is refused, and that leaves the server as it was. */
    Refusal refused(String url, String... more) throws SQLException {
        String before = serverState();
        Refusal refusal = Refusal.of(queues(), arguments(url, more));
        assertEquals(before, serverState(), "slots and publications must stay as they were");
        return refusal;
    }

    /** The same, with both flags that allow to create. */
    Refusal refusedToCreate(String url, String... more) throws SQLException {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--create-slot", "--create-publication"));
        return refused(url, all.toArray(String[]::new));
    }

    /** A run as superuser that goes well, until it has caught up; in this JVM, and what it writes goes nowhere. */
    Bench captured(String... more) {
        ConfigOptions options = new ConfigOptions();
        List<String> arguments = arguments(server.url(database), more);
        new CommandLine(options)
                .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
        PipelineConfig config = ConfigLoader.load(
                        null,
                        options.flags(),
                        Environment.ofProcess(),
                        SinkProviders.own().byType())
                .one()
                .pipeline();
        Pipeline pipeline = new Pipeline(config, Map.of(config.sinks().get(0).name(), new NowhereSink()));
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
        return this;
    }

    private static final class NowhereSink implements Sink {

        @Override
        public Durability write(Batch batch) {
            return Durability.DURABLE;
        }

        @Override
        public Durability flush() {
            return Durability.DURABLE;
        }

        @Override
        public void close() {
            // it holds nothing
        }
    }

    CdcProcess start(String... more) {
        return CdcProcess.start(logs(), arguments(server.url(database), more).toArray(String[]::new));
    }

    /** Starts a run that stays, and waits until the server says that it streams. */
    CdcProcess startStreaming(String... more) throws SQLException {
        CdcProcess run = start(more);
        awaitStreaming(run);
        return run;
    }

    void awaitStreaming(CdcProcess run) throws SQLException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        // not "active" alone: a slot is that while it is being created, too
        String active = "SELECT count(*) FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid"
                + " WHERE s.slot_name = '" + slot + "' AND r.state IN ('catchup', 'streaming')";
        while (!ask(active).equals("1")) {
            if (System.nanoTime() > deadline || !run.isAlive()) {
                throw new AssertionError("no stream of " + slot + "; stderr: " + run.stderr());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() throws SQLException {
        asking.close();
        server.dropDatabase(database);
    }
}
