package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.capture.ChunkRows;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.session.SourceErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks from a server by COPY, each in its own transaction with the exported snapshot. So locks are short, and a chunk is whole or not
 * there. One thread.
 */
final class ServerChunkSource implements ChunkSource {

    private static final Logger LOG = LoggerFactory.getLogger(ServerChunkSource.class);

    static final SessionSettings SETTINGS = SessionSettings.OF_SOURCE
            // otherwise a policy hides rows, and nobody notices
            .with("row_security", "off")
            .and("SET jit TO off");

    private final ServerAddress host;
    private final int answerMs;
    private final ExportedSnapshot snapshot;
    private final int largestChunk;
    private final long maxRowBytes;
    private volatile @Nullable Connection connection;

    /**
     * Connects later.
     *
     * @param answerMs limit of each answer in ms
     * @param largestChunk bytes of rows at which a range is divided
     */
    ServerChunkSource(
            ServerAddress host, int answerMs, ExportedSnapshot snapshot, int largestChunk, long maxRowBytes) {
        this.host = host;
        this.answerMs = answerMs;
        this.snapshot = snapshot;
        this.largestChunk = largestChunk;
        this.maxRowBytes = maxRowBytes;
    }

    @Override
    public boolean read(ChunkRange range, ChunkRows rows) {
        Connection current = connected();
        boolean ended = false;
        try (Statement statement = current.createStatement()) {
            begin(statement);
            if (!copy(current, range, rows)) {
                return false; // closing the connection stops the COPY
            }
            requireSameFile(statement, range);
            statement.execute("COMMIT");
            ended = true;
            return true;
        } catch (SQLException e) {
            throw SnapshotErrors.reading(e, range, host.describe());
        } finally {
            if (!ended) {
                close();
            }
        }
    }

    private void begin(Statement statement) throws SQLException {
        statement.execute(ExportedSnapshot.importing(snapshot.name()));
        try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_snapshot()::text")) {
            row.next();
            if (!snapshot.visible().equals(row.getString(1))) {
                throw new SourceException(
                        ErrorCode.SERVERS_DIFFER,
                        "a connection of the snapshot sees other transactions than the first one; " + host.describe()
                                + ". A host name or proxy in the URL must always reach the same server.");
            }
        }
    }

    /** Returns false if the range is too large for a chunk. */
    private boolean copy(Connection current, ChunkRange range, ChunkRows rows) throws SQLException {
        CopyOut copy = current.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + range.table().query(range.file(), range.range()) + ") TO STDOUT");
        CopyRow row = new CopyRow(
                range.table().oid(),
                range.table().layout().columns().size(),
                range.table().name().toString());
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            row.convert(line);
            if (row.length() > maxRowBytes) {
                throw SnapshotErrors.tooLarge(range, row.length(), maxRowBytes);
            }
            if (rows.count() > 0 && (long) rows.bytes() + row.length() > largestChunk && range.range().isDivisible()) {
                return false;
            }
            rows.add(row.message(), row.length());
        }
        return true;
    }

    /** Checks, while the transaction still holds the table's lock, that the file is the planned one: a rewritten table shows no rows. */
    private void requireSameFile(Statement statement, ChunkRange range) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT CAST(pg_catalog.pg_relation_filenode("
                + Integer.toUnsignedString(range.file().oid()) + ") AS bigint)")) {
            row.next();
            if (row.getLong(1) != range.file().filenode()) {
                throw SnapshotErrors.rewritten(range, host.describe());
            }
        }
    }

    private Connection connected() {
        Connection current = connection;
        if (current == null) {
            current = PinnedLogin.connect(
                    host.jdbcUrl(), host.properties(), host.describe(), answerMs, SETTINGS, SourceErrors.LOGIN);
            connection = current;
        }
        return current;
    }

    /** Ends a running query. Any thread. */
    @Override
    public void abort() {
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
            try {
                current.close();
            } catch (SQLException e) {
                LOG.debug("closing a connection of the snapshot", e);
            }
        }
    }
}
