package io.pgcdc.testkit.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database of its own with a slot of its own on a real server, and the configuration of a pipeline that reads it. */
public final class TestSource implements AutoCloseable {

    private final PgServer server;
    private final String database;
    private final Connection connection;
    private Path queue;
    private String url;
    private ConfirmPolicy confirm = ConfirmPolicy.SINKS;
    private long segmentBytes = 1 << 20;
    private long maxRowBytes = 64 << 20;
    private long statusIntervalMs = 10_000;
    private long receiveTimeoutMs = 60_000;
    private long fileBytes = 64 << 20;
    private long minFreeBytes = 1 << 20;
    private long maxBytes;
    private long retainBytes;
    private long segmentChanges = 20_000;
    private FullPolicy whenFull = FullPolicy.PAUSE;
    private long heartbeatIntervalMs;
    private boolean reconnect;
    private boolean failoverSlot;
    private boolean createPublication = true;
    private List<String> publications = List.of("everything");
    private List<SinkConfig> sinks = List.of();

    public TestSource(PgServer server, Path directory) throws SQLException {
        this.server = server;
        database = server.createDatabase("cdc");
        connection = server.connect(database);
        queue = directory.resolve("queue");
        url = server.url(database);
        // the embedded server commits asynchronously: the WAL that was flushed would not hold what was just committed
        sql("SET synchronous_commit = on", "CREATE TABLE t (id int PRIMARY KEY, v text)");
    }

    /** The pipeline connects to this port instead of the server's own. */
    public TestSource through(int port) {
        url = "postgresql://postgres@localhost:" + port + "/" + database;
        return this;
    }

    public TestSource url(String newUrl) {
        url = newUrl;
        return this;
    }

    public String url() {
        return url;
    }

    public TestSource confirm(ConfirmPolicy policy) {
        confirm = policy;
        return this;
    }

    public TestSource segmentBytes(long bytes) {
        segmentBytes = bytes;
        return this;
    }

    public TestSource maxRowBytes(long bytes) {
        maxRowBytes = bytes;
        return this;
    }

    public TestSource statusIntervalMs(long milliseconds) {
        statusIntervalMs = milliseconds;
        return this;
    }

    public TestSource receiveTimeoutMs(long milliseconds) {
        receiveTimeoutMs = milliseconds;
        return this;
    }

    public TestSource heartbeatIntervalMs(long milliseconds) {
        heartbeatIntervalMs = milliseconds;
        return this;
    }

    /** Configures the delivery to a sink; the others have the defaults. */
    public TestSource delivery(String name, DeliveryConfig config) {
        return sink(name, config, RouteConfig.EVERYTHING);
    }

    /** Configures what reaches a sink; the others get everything. */
    public TestSource route(String name, RouteConfig config) {
        return sink(name, DeliveryConfig.DEFAULT, config);
    }

    public TestSource sink(String name, DeliveryConfig delivery, RouteConfig route) {
        SinkConfig added = new SinkConfig(name, "test", delivery, route, new SettingValues(Map.of()));
        sinks = Stream.concat(sinks.stream(), Stream.of(added)).toList();
        return this;
    }

    /** Drops what was configured for sinks. */
    public TestSource withoutSinkConfigs() {
        sinks = List.of();
        return this;
    }

    /** Reads these, which are there already. */
    public TestSource publications(String... names) {
        publications = List.of(names);
        createPublication = false;
        return this;
    }

    public TestSource quota(long newFileBytes, long newMaxBytes, FullPolicy policy) {
        fileBytes = newFileBytes;
        maxBytes = newMaxBytes;
        whenFull = policy;
        return this;
    }

    /** So much of what every sink has is kept. */
    public TestSource retain(long newFileBytes, long newRetainBytes) {
        fileBytes = newFileBytes;
        retainBytes = newRetainBytes;
        return this;
    }

    public TestSource segmentChanges(long changes) {
        segmentChanges = changes;
        return this;
    }

    public TestSource minFreeBytes(long bytes) {
        minFreeBytes = bytes;
        return this;
    }

    public TestSource failoverSlot() {
        failoverSlot = true;
        return this;
    }

    public TestSource reconnecting() {
        reconnect = true;
        return this;
    }

    public PipelineConfig config() {
        return new PipelineConfig(
                slot(),
                new SourceConfig(
                        ServerUrl.parse(url, Map.of(), "postgres"),
                        slot(),
                        publications,
                        true,
                        failoverSlot,
                        createPublication,
                        List.of(),
                        statusIntervalMs,
                        receiveTimeoutMs,
                        10_000,
                        reconnect,
                        heartbeatIntervalMs),
                new QueueConfig(
                        queue,
                        confirm,
                        segmentBytes,
                        segmentChanges,
                        20,
                        fileBytes,
                        20,
                        64 << 20,
                        minFreeBytes,
                        maxBytes,
                        retainBytes,
                        whenFull,
                        false),
                maxRowBytes,
                sinks);
    }

    /** The same source and slot with a queue of its own. */
    public Queue otherQueue() {
        return new Queue();
    }

    /** See {@link #otherQueue}. */
    public final class Queue implements AutoCloseable {

        public RunningPipeline run(io.pgcdc.sink.Sink sink) throws Exception {
            queue = queue.resolveSibling("other");
            try {
                return new RunningPipeline(TestSource.this, sink);
            } finally {
                close();
            }
        }

        @Override
        public void close() {
            queue = queue.resolveSibling("queue");
        }
    }

    public String slot() {
        return database + "_slot";
    }

    public String database() {
        return database;
    }

    public PgServer server() {
        return server;
    }

    public Path queue() {
        return queue;
    }

    public void sql(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** One value. */
    public String ask(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    public long confirmedFlushLsn() throws SQLException {
        return Lsn.parse(
                ask("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot() + "'"));
    }

    public long walLsn() throws SQLException {
        return Lsn.parse(ask("SELECT pg_current_wal_flush_lsn()"));
    }

    /** The pipeline has sent a status so much later than now, by the server's clock. */
    public void awaitStatusAfter(String interval) throws Exception {
        String now = ask("SELECT clock_timestamp()");
        Await.until(
                "a status " + interval + " later",
                () -> "t"
                        .equals(ask("SELECT reply_time > '" + now + "'::timestamptz + interval '" + interval
                                + "' FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid WHERE slot_name = '"
                                + slot() + "'")));
    }

    /** As an administrator ends it. */
    public void endWalsender() throws SQLException {
        sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot() + "'");
    }

    /** What {@link #endWalsender} makes the server say. */
    public void assertLastWords(@Nullable Throwable end) {
        SourceException e = assertInstanceOf(SourceException.class, end);
        assertEquals(ErrorCode.CONNECTION_LOST, e.code());
        assertTrue(e.getMessage().contains("terminating connection due to administrator command"), e.getMessage());
    }

    /** No walsender uses the slot: another pipeline can begin. */
    public void awaitSlotFree() throws Exception {
        Await.until(
                "the slot to be free",
                () -> !"t".equals(ask("SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot() + "'")));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        server.dropDatabase(database);
    }
}
