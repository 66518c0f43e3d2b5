package io.pgcdc.wire;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.EndableLogin;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.session.SourceErrors;
import io.pgcdc.session.TimedLogin;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.copy.CopyDual;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replication connection to one slot, through pgjdbc's copy API. That API gives the raw CopyData messages, so pgcdc handles
 * keepalives and status. Only {@link #sendStatus} moves the flush LSN. Owned by one thread.
 */
public final class ReplicationConnection implements ReplicationStream {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicationConnection.class);

    /** "Object not in prerequisite state": the server's notice of a publication that the slot cannot see. */
    private static final String PREREQUISITE_STATE = "55000";

    /** How long the rest of the server's data is read after the connection broke. */
    private static final int LAST_WORDS_MS = 2_000;

    private final Connection connection;
    private final ReceiveSocket socket;
    private final String where;
    private final StandbyStatus status = new StandbyStatus();
    private @Nullable CopyDual copy;
    private String slot = "";

    private ReplicationConnection(Connection connection, ReceiveSocket socket, String where) {
        this.connection = connection;
        this.socket = socket;
        this.where = where;
    }

    /**
     * Connects, pins the session settings that the text of values depends on, and verifies them.
     *
     * @param jdbcUrl host, port, database
     * @param properties user, password, TLS; for a Unix socket, its file as the argument of a socket factory
     * @param where host, port and database for messages, without the password
     * @param answerMs limit of the answer to each command in ms, except the creation of a slot
     */
    public static ReplicationConnection open(String jdbcUrl, Properties properties, String where, int answerMs) {
        return new Attempt().open(jdbcUrl, properties, where, answerMs);
    }

    /** An attempt to connect that another thread can end. */
    public static final class Attempt {

        private final EndableLogin login = new EndableLogin();

        /** Connects, as {@link ReplicationConnection#open} does. */
        public ReplicationConnection open(String jdbcUrl, Properties properties, String where, int answerMs) {
            return ReplicationConnection.open(jdbcUrl, properties, where, answerMs, login);
        }

        /** Ends it: it then fails. Any thread. */
        public void abort() {
            login.abort();
        }
    }

    private static ReplicationConnection open(
            String jdbcUrl, Properties properties, String where, int answerMs, EndableLogin login) {
        Properties all = new Properties();
        all.putAll(properties);
        String key = UUID.randomUUID().toString();
        String unixSocket = PGProperty.SOCKET_FACTORY_ARG.getOrDefault(all);
        PGProperty.REPLICATION.set(all, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(all, "14");
        PGProperty.PREFER_QUERY_MODE.set(all, "simple");
        PGProperty.TCP_KEEP_ALIVE.set(all, true);
        PGProperty.SSL_FACTORY.set(all, HeardTlsFactory.class.getName());
        PGProperty.SOCKET_FACTORY.set(all, ReceiveSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(all, ReceiveSocketFactory.argument(key, unixSocket));
        ReceiveSocketFactory.expect(key);
        try {
            Connection connection = login.connect(
                    () -> PinnedLogin.connect(
                            jdbcUrl, all, where, answerMs, SessionSettings.OF_SOURCE, SourceErrors.LOGIN),
                    opened -> {},
                    where);
            ReceiveSocket socket = ReceiveSocketFactory.take(key);
            if (socket == null) {
                throw new IllegalStateException("pgjdbc connected without the socket factory");
            }
            return new ReplicationConnection(connection, socket, where);
        } finally {
            ReceiveSocketFactory.take(key); // after a failed login
        }
    }

    /** Ends a command that waits, which then fails. Any thread. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("aborting the replication connection", e);
        }
    }

    /** Returns the server's process for this connection. */
    public int serverPid() {
        try {
            return connection.unwrap(PGConnection.class).getBackendPID();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public SystemIdentity identifySystem() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            if (!row.next()) {
                throw new SQLException("IDENTIFY_SYSTEM returned no row");
            }
            return new SystemIdentity(
                    row.getString("systemid"),
                    row.getInt("timeline"),
                    Lsn.parse(row.getString("xlogpos")),
                    row.getString("dbname"));
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "identifying the system at " + where);
        }
    }

    /** Returns the start time of the server, as it prints it. It tells servers apart, and restarts of one server. */
    public String serverStartedAt() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_postmaster_start_time()::text")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "identifying the server at " + where);
        }
    }

    /** Returns where the timelines before this one ended. Timeline 1 has none before it. */
    public TimelineHistory timelineHistory(int timeline) {
        if (timeline == 1) {
            return new TimelineHistory(1, Map.of());
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            if (!row.next()) {
                throw new SQLException("TIMELINE_HISTORY returned no row");
            }
            return TimelineHistory.parse(timeline, row.getString("content"));
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "reading the history of timeline " + timeline + " at " + where);
        }
    }

    /**
     * Creates a pgoutput slot and returns its LSN. Waits for running transactions. It uses this connection because the SQL function
     * checks the session's role, which may differ from the role that logged in.
     *
     * @param failover true if standbys synchronize it; 17 and later
     * @param export true if it exports a snapshot of the database at its consistent point
     */
    public NewSlot createSlot(String name, boolean failover, boolean export) {
        String options;
        if (failover) {
            options = "(SNAPSHOT '" + (export ? "export" : "nothing") + "', FAILOVER true)";
        } else {
            options = export ? "EXPORT_SNAPSHOT" : "NOEXPORT_SNAPSHOT"; // 14 knows only this form
        }
        String sql = "CREATE_REPLICATION_SLOT " + Quoted.identifier(name) + " LOGICAL pgoutput " + options;
        try (Statement statement = connection.createStatement();
                ResultSet row = TimedLogin.withoutLimit(connection, () -> statement.executeQuery(sql))) {
            if (!row.next()) {
                throw new SQLException("CREATE_REPLICATION_SLOT returned no row");
            }
            return new NewSlot(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "creating slot \"" + name + "\" at " + where);
        }
    }

    /**
     * Starts the stream.
     *
     * @param startLsn transactions that committed before it are not sent; if the slot's own confirmed LSN is higher, that one
     *     counts
     * @param stallMs longest silence inside a message, in ms, before the connection counts as lost
     */
    public void start(String slotName, long startLsn, int protocolVersion, List<String> publications, int stallMs) {
        slot = slotName;
        String sql = "START_REPLICATION SLOT " + Quoted.identifier(slot) + " LOGICAL " + Lsn.toString(startLsn)
                + " (proto_version '" + protocolVersion + "', publication_names "
                + Quoted.literal(Quoted.identifiers(publications)) + ", messages 'true')";
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyDual(sql);
            socket.limitStall(stallMs);
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "starting the stream of slot \"" + slot + "\" at " + where);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean receive(FrameHandler handler, int waitMs) {
        CopyDual stream = streaming();
        try {
            byte[] message = stream.readFromCopy(false);
            if (message == null) {
                if (!stream.isActive()) {
                    throw lost(null);
                }
                if (waitMs == 0 || !socket.awaitData(waitMs)) {
                    return false;
                }
                message = stream.readFromCopy(true);
                if (message == null) {
                    throw lost(null);
                }
            }
            Frame.dispatch(message, handler);
            return true;
        } catch (SQLException e) {
            throw lost(e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void sendStatus(long received, long flushed, boolean requestReply) {
        CopyDual stream = streaming();
        try {
            byte[] message = status.write(received, flushed, System.currentTimeMillis(), requestReply);
            stream.writeToCopy(message, 0, message.length);
            stream.flushCopy();
        } catch (SQLException e) {
            throw lost(readLastError(stream, e));
        }
    }

    /** Reads what the server sent before it closed: its error waits in the socket, after unread data. */
    private SQLException readLastError(CopyDual stream, SQLException broken) {
        if (ServerWords.message(broken) != null) {
            return broken;
        }
        try {
            socket.limitStall(LAST_WORDS_MS);
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MS);
            while (stream.isActive() && stream.readFromCopy(true) != null && System.nanoTime() < deadline) {
                // the next connection receives it again
            }
        } catch (SQLException e) {
            return ServerWords.message(e) == null ? broken : e;
        } catch (IOException e) {
            LOG.debug("reading the server's last error", e);
        }
        return broken;
    }

    @Override
    public void checkNotices() {
        try {
            SQLWarning warning = connection.getWarnings();
            if (warning == null) {
                return;
            }
            connection.clearWarnings();
            for (; warning != null; warning = warning.getNextWarning()) {
                if (PREREQUISITE_STATE.equals(warning.getSQLState())) {
                    throw new SourceException(
                            ErrorCode.PUBLICATION_SKIPPED,
                            "the server omits changes of slot \"" + slot + "\": " + warning.getMessage()
                                    + ": the slot is older than the publication; " + where
                                    + ". Start again with another --slot, --create-slot and another --queue-dir.");
                }
                LOG.info("server notice: {}", warning.getMessage());
            }
        } catch (SQLException e) {
            throw lost(e);
        }
    }

    private CopyDual streaming() {
        CopyDual stream = copy;
        if (stream == null) {
            throw new IllegalStateException("the stream was not started");
        }
        return stream;
    }

    private SourceException lost(@Nullable Exception cause) {
        if (cause instanceof SQLException e && ServerWords.message(e) != null) {
            return SourceErrors.streaming(e, slot, where);
        }
        String why = cause == null ? "the server ended the stream" : rootMessage(cause);
        return new SourceException(
                ErrorCode.CONNECTION_LOST,
                "the replication connection to " + where + " was lost: " + why
                        + ". No change is lost: the stream continues from the last checkpoint.",
                cause);
    }

    @Override
    public SourceException silent(long silentMs) {
        return new SourceException(
                ErrorCode.CONNECTION_LOST,
                "nothing was received from " + where + " for " + silentMs
                        + " ms. Check the network. No change is lost: the stream continues from the last checkpoint.");
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // an EOFException has no message
        return root.getMessage() == null ? "the other side closed it" : root.getMessage();
    }

    @Override
    public void close() {
        try {
            socket.close();
            connection.close();
        } catch (IOException | SQLException e) {
            LOG.debug("closing the replication connection", e);
        }
    }
}
