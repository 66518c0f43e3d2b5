package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.session.EndableLogin;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.session.SourceErrors;
import io.pgcdc.session.TimedLogin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks from a server by COPY, each in its own transaction. So locks are short, and a chunk is whole or not
 * there. One thread.
 */
final class ServerChunkSource implements ChunkSource {

    private static final Logger LOG = LoggerFactory.getLogger(ServerChunkSource.class);

    static final SessionSettings SETTINGS = SessionSettings.OF_SOURCE
            // otherwise a policy hides rows, and nobody notices
            .with("row_security", "off")
            .and("SET jit TO off")
            // a watermark must be in the WAL on disk, and need not wait for a standby
            .and("SET synchronous_commit TO local");

    private static final String SHOWN =
            "SELECT pg_catalog.pg_current_snapshot()::text, (EXTRACT(epoch FROM pg_catalog.now()) * 1000000)::bigint";

    /** To read this much costs client and server less than a new connection, which is a new process there. */
    private static final int CHEAPER_THAN_A_LOGIN_BYTES = 256 * 1024;

    private final Supplier<ServerAddress> host;
    private final int answerMs;
    private final @Nullable ExportedSnapshot snapshot;
    private final int largestChunk;
    private final long maxRowBytes;
    private final EndableLogin login = new EndableLogin();
    private volatile @Nullable Connection connection;
    private @Nullable ServerAddress connectedTo;

    /**
     * Connects later.
     *
     * @param answerMs limit of each answer in ms
     * @param snapshot what all rows show; null: each range shows the latest state
     * @param largestChunk bytes of rows at which a range is divided
     */
    ServerChunkSource(
            Supplier<ServerAddress> host,
            int answerMs,
            @Nullable ExportedSnapshot snapshot,
            int largestChunk,
            long maxRowBytes) {
        this.host = host;
        this.answerMs = answerMs;
        this.snapshot = snapshot;
        this.largestChunk = largestChunk;
        this.maxRowBytes = maxRowBytes;
    }

    @Override
    public @Nullable Shown read(ChunkQuery query, ChunkRows rows, Consumer<SeenTransactions> opened) {
        Connection current = connected();
        boolean ended = false;
        try (Statement statement = current.createStatement()) {
            Shown shown = begin(statement);
            opened.accept(shown.seen());
            // a query that looks for few rows, or sorts, may be silent for long; it ends with capture's connection
            CopyOut copy = query instanceof ChunkRange
                    ? copy(current, query, rows)
                    : TimedLogin.withoutLimit(current, () -> copy(current, query, rows));
            if (copy.isActive()) {
                if (endsSoon(copy)) {
                    statement.execute("ROLLBACK");
                    ended = true;
                }
                return null; // closing the connection stops a longer COPY
            }
            boolean right;
            try (ResultSet row = rowOf(statement, query.fileCheck() + "; COMMIT")) {
                right = row.getBoolean(1);
            }
            ended = true;
            if (!right) {
                throw SnapshotErrors.rewritten(query, where());
            }
            return shown;
        } catch (SQLException e) {
            throw SnapshotErrors.reading(e, query, where());
        } finally {
            if (!ended) {
                close();
            }
        }
    }

    private Shown begin(Statement statement) throws SQLException {
        ExportedSnapshot imported = snapshot;
        if (imported == null) {
            return begin(statement, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", null);
        }
        try {
            return begin(statement, ExportedSnapshot.importing(imported.name()), imported.visible());
        } catch (SQLException e) {
            throw SnapshotErrors.importing(e, where());
        }
    }

    /** @param expected what the transaction must see, as pg_current_snapshot() prints it; null: anything */
    private Shown begin(Statement statement, String sql, @Nullable String expected) throws SQLException {
        try (ResultSet row = rowOf(statement, sql + "; " + SHOWN)) {
            String visible = row.getString(1);
            if (expected != null && !expected.equals(visible)) {
                throw new SourceException(
                        ErrorCode.SERVERS_DIFFER,
                        "a connection of the snapshot sees other transactions than the first one; " + where()
                                + ". A host name or proxy in the URL must always reach the same server.");
            }
            return new Shown(SeenTransactions.parse(visible), row.getLong(2));
        }
    }

    /** Executes several statements at once, of which one returns a row: the server waits less between them. */
    private static ResultSet rowOf(Statement statement, String sql) throws SQLException {
        boolean isResult = statement.execute(sql);
        while (!isResult) {
            isResult = statement.getMoreResults();
        }
        ResultSet row = statement.getResultSet();
        row.next();
        return row;
    }

    @Override
    public void emit(String watermark) {
        // with a transaction id, the commit writes the WAL to disk at once
        String sql = "SELECT pg_catalog.pg_logical_emit_message(false, " + Quoted.literal(WindowFeed.PREFIX) + ", "
                + Quoted.literal(watermark) + "), pg_catalog.pg_current_xact_id()";
        try (Statement statement = connected().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            close();
            throw SourceErrors.statement(e, "writing a watermark at " + where());
        }
    }

    /** Returns the COPY, which has ended if all rows were added. It is still active if the range is too large for a chunk. */
    private CopyOut copy(Connection current, ChunkQuery query, ChunkRows rows) throws SQLException {
        CopyOut copy = current.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + query.sql() + ") TO STDOUT");
        CopyRow row = new CopyRow(
                query.table().oid(),
                query.table().layout().columns().size(),
                query.table().name().toString());
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            row.convert(line);
            if (row.length() > maxRowBytes) {
                throw SnapshotErrors.tooLarge(query, row.length(), maxRowBytes);
            }
            if (rows.count() > 0 && (long) rows.bytes() + row.length() > largestChunk && query.isDivisible()) {
                return copy;
            }
            rows.add(row.message(), row.length());
        }
        return copy;
    }

    /** Reads on, but not for long. Returns true if that was the rest, so that the connection can be used again. */
    private static boolean endsSoon(CopyOut copy) throws SQLException {
        long bytes = 0;
        while (bytes < CHEAPER_THAN_A_LOGIN_BYTES) {
            byte[] line = copy.readFromCopy();
            if (line == null) {
                return true;
            }
            bytes += line.length;
        }
        return false;
    }

    private String where() {
        return host.get().describe();
    }

    private Connection connected() {
        ServerAddress now = host.get();
        if (!now.equals(connectedTo)) {
            close(); // capture reads from another server
        }
        Connection current = connection;
        if (current == null) {
            connectedTo = now;
            return login.connect(
                    () -> PinnedLogin.connect(
                            now.jdbcUrl(), now.properties(), now.describe(), answerMs, SETTINGS, SourceErrors.LOGIN),
                    opened -> connection = opened,
                    now.describe());
        }
        return current;
    }

    /** Ends a running query, or the attempt to connect. Any thread. */
    @Override
    public void abort() {
        login.abort();
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("aborting a connection of the snapshot", e);
            }
        }
    }

    @Override
    public void close() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            PinnedLogin.closeQuietly(current);
        }
    }
}
