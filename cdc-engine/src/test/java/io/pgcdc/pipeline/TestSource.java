package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.source.TableAliases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database with its own slot on a real server, and the configuration of a pipeline that reads it. */
public final class TestSource implements AutoCloseable {

    private final PgServer server;
    private final String database;
    private final Connection connection;
    private final PipelineFixture fixture;
    private Path queue;
    private String url;

    public TestSource(PgServer server, Path directory) throws SQLException {
        this.server = server;
        database = server.createDatabase("cdc");
        connection = server.connect(database);
        queue = directory.resolve("queue");
        url = server.url(database);
        fixture = new PipelineFixture(url, slot(), queue)
                .set(SourceSettings.PUBLICATIONS, List.of("everything"))
                .set(SourceSettings.CREATE_PUBLICATION, true)
                .set(SourceSettings.RECONNECT, false);
        sql("CREATE TABLE t (id int PRIMARY KEY, v text)");
    }

    /** Makes the pipeline connect to this port instead of the server's. */
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

    private <T> TestSource set(Setting<T> setting, T value) {
        fixture.set(setting, value);
        return this;
    }

    public TestSource confirm(ConfirmPolicy policy) {
        return set(QueueSettings.CONFIRM, policy);
    }

    public TestSource segmentBytes(long bytes) {
        return set(QueueSettings.SEGMENT_BYTES, bytes);
    }

    public TestSource maxRowBytes(long bytes) {
        return set(PipelineSettings.MAX_ROW_BYTES, bytes);
    }

    public TestSource statusIntervalMs(long milliseconds) {
        return set(SourceSettings.STATUS_INTERVAL_MS, milliseconds);
    }

    public TestSource parallel(long connections) {
        return set(SnapshotSettings.PARALLEL, connections);
    }

    public TestSource receiveTimeoutMs(long milliseconds) {
        return set(SourceSettings.RECEIVE_TIMEOUT_MS, milliseconds);
    }

    public TestSource heartbeatIntervalMs(long milliseconds) {
        return set(SourceSettings.HEARTBEAT_INTERVAL_MS, milliseconds);
    }

    /** Sets the settings of a sink. Other sinks have the defaults and get everything. */
    public TestSource sink(String name, SettingValues settings) {
        fixture.sink(name, settings);
        return this;
    }

    /** Makes the pipeline read these existing publications. */
    public TestSource publications(String... names) {
        return set(SourceSettings.CREATE_PUBLICATION, false).set(SourceSettings.PUBLICATIONS, List.of(names));
    }

    public TestSource quota(long fileBytes, long maxBytes, FullPolicy policy) {
        return set(QueueSettings.FILE_BYTES, fileBytes)
                .set(QueueSettings.MAX_BYTES, maxBytes)
                .set(QueueSettings.WHEN_FULL, policy);
    }

    /** Sets how many bytes of delivered changes the queue keeps. */
    public TestSource retain(long fileBytes, long retainBytes) {
        return set(QueueSettings.FILE_BYTES, fileBytes).set(QueueSettings.RETAIN_BYTES, retainBytes);
    }

    public TestSource segmentChanges(long changes) {
        return set(QueueSettings.SEGMENT_CHANGES, changes);
    }

    public TestSource minFreeBytes(long bytes) {
        return set(QueueSettings.MIN_FREE_BYTES, bytes);
    }

    /** Makes the run watch its slot. */
    public TestSource watchIntervalMs(long milliseconds) {
        return set(SourceSettings.WATCH_INTERVAL_MS, milliseconds);
    }

    /** Makes the run begin with the rows that exist. */
    public TestSource snapshot(SnapshotMode mode) {
        return set(SnapshotSettings.MODE, mode);
    }

    public TestSource maxRowsPerSecond(long rows) {
        return set(SnapshotSettings.MAX_ROWS_PER_SECOND, rows);
    }

    public TestSource chunkBytes(long bytes) {
        return set(SnapshotSettings.CHUNK_BYTES, bytes);
    }

    public TestSource failoverSlot() {
        return set(SourceSettings.FAILOVER_SLOT, true);
    }

    public TestSource reconnecting() {
        return set(SourceSettings.RECONNECT, true);
    }

    public PipelineConfig config() {
        return set(SourceSettings.URL, url)
                .set(QueueSettings.DIR, queue)
                .fixture
                .config();
    }

    /** Gives tables of the source other names. */
    public TestSource named(Map<String, String> aliases) {
        return set(SourceSettings.TABLE_ALIASES, TableAliases.of(aliases));
    }

    /** Returns the same source and slot with another queue. */
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

    /** Returns one value. */
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

    /** Ends the walsender, as an administrator does. */
    public void endWalsender() throws SQLException {
        sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot() + "'");
    }

    /** The server's message after {@link #endWalsender}. */
    public void assertLastWords(@Nullable Throwable end) {
        SourceException e = assertInstanceOf(SourceException.class, end);
        assertEquals(ErrorCode.CONNECTION_LOST, e.code());
        assertTrue(e.getMessage().contains("terminating connection due to administrator command"), e.getMessage());
    }

    /** Waits until no walsender uses the slot, so that another pipeline can begin. */
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
