package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.SessionSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to a database that a sink writes to. */
public final class Target {

    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    /**
     * The socket's time limit is this much longer than the server's limit of a statement. So the socket ends a connection only if the
     * server no longer answers.
     */
    private static final int SOCKET_GRACE_MS = 5_000;

    /** SQLSTATEs: no privilege, origins are disabled, or none is left. */
    private static final Set<String> NO_ORIGIN = Set.of("42501", "55000", "53400");

    /** The first version with a setting for origins alone. */
    private static final int OWN_ORIGIN_LIMIT = 18;

    /** Types that are sent in binary form in addition to pgjdbc's own choice: text[]. */
    private static final String BINARY_TYPES = "TEXT_ARRAY";

    private final ServerAddress address;
    private final int answerTimeoutMs;
    private final SessionSettings settings;
    private final OriginPolicy originPolicy;
    private boolean originWarned;
    private boolean connectedBefore;

    Target(ServerAddress address, int answerTimeoutMs, OriginPolicy originPolicy, ReplicationRole role) {
        this.address = address;
        this.answerTimeoutMs = answerTimeoutMs;
        this.settings = role == ReplicationRole.REPLICA
                ? settings(answerTimeoutMs).with("session_replication_role", "replica")
                : settings(answerTimeoutMs);
        this.originPolicy = originPolicy;
    }

    /** Returns host, port, database and user for messages, without the password. */
    public String where() {
        return address.describe();
    }

    /**
     * Connects, in auto-commit mode. If the password may change, a refused login after an accepted one counts as a lost connection: the
     * server and the password's file get a new one at different times.
     *
     * @throws SinkException TARGET_LOST, TARGET_LOGIN_REFUSED, PASSWORD_UNAVAILABLE or SESSION_NOT_PINNED, among others
     */
    public Connection connect() {
        try {
            Connection connection = login();
            connectedBefore = true;
            return connection;
        } catch (SourceException e) {
            throw new SinkException(e.code(), String.valueOf(e.getMessage()), e); // there is no password
        } catch (SinkException e) {
            if (e.code() == ErrorCode.TARGET_LOGIN_REFUSED && connectedBefore && address.mayPasswordChange()) {
                throw new SinkException(ErrorCode.TARGET_LOST, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    /**
     * Logs in, and checks that the server takes writes. Changes nothing.
     *
     * @throws SinkException as {@link #connect}; TARGET_SQL_FAILED: it takes none
     */
    void check() {
        Connection connection = connect();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::bool,"
                                + " current_user, current_database()")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new SinkException(
                        ErrorCode.TARGET_SQL_FAILED,
                        "the target is a standby, which takes no writes; " + where()
                                + ". Write the primary in the sink's url.");
            }
            if (row.getBoolean(2)) {
                throw new SinkException(Finding.fatal(
                        ErrorCode.TARGET_SQL_FAILED,
                        "the target takes no writes of this role: default_transaction_read_only is on",
                        where(),
                        Remedy.sql(
                                "As a superuser",
                                "ALTER ROLE " + Quoted.identifier(row.getString(3)) + " IN DATABASE "
                                        + Quoted.identifier(row.getString(4))
                                        + " SET default_transaction_read_only = off;")));
            }
        } catch (SQLException e) {
            throw TargetErrors.statement(e, "checking the target", where());
        } finally {
            close(connection);
        }
    }

    private Connection login() {
        Properties properties = address.properties();
        PGProperty.BINARY_TRANSFER_ENABLE.set(properties, BINARY_TYPES);
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        return PinnedLogin.connect(
                address.jdbcUrl(),
                properties,
                where(),
                answerTimeoutMs + SOCKET_GRACE_MS,
                settings,
                TargetErrors.LOGIN);
    }

    /** Returns the server's time limit of a statement, in ms, for the time limit of the socket. */
    static int statementMs(int socketMs) {
        return socketMs - SOCKET_GRACE_MS;
    }

    /**
     * Returns the session's settings. With them, the target reads values in the formats in which the source's server writes them, and
     * each wait has a time limit. The role's search_path stays, because triggers of the target may depend on it.
     */
    private static SessionSettings settings(int answerTimeoutMs) {
        String limit = " TO '" + answerTimeoutMs + "ms'";
        return SessionSettings.EVERYWHERE
                .with("client_min_messages", "warning")
                // a value of type xml may have no root element; the cast from text follows this setting
                .with("xmloption", "content")
                .and("SET statement_timeout" + limit)
                // also limits lock waits of statements that run without statement_timeout
                .and("SET lock_timeout" + limit)
                // a stopped process must not keep its locks
                .and("SET idle_in_transaction_session_timeout" + limit)
                // a commit that the server confirmed must survive a crash of the server
                .and("SELECT pg_catalog.set_config('synchronous_commit', 'on', false)"
                        + " WHERE pg_catalog.current_setting('synchronous_commit') = 'off'");
    }

    /**
     * Gives everything that the session writes from now on a replication origin, if the policy and the privileges allow it. Creates
     * the origin if it does not exist.
     *
     * @param name the origin's name; only one session can use it at a time
     * @throws SQLException if the policy is REQUIRE and the session cannot use the origin
     */
    void setUpOrigin(Connection connection, String name) throws SQLException {
        if (originPolicy == OriginPolicy.OFF) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN IF pg_replication_origin_oid(" + Quoted.literal(name) + ") IS NULL THEN"
                    + " PERFORM pg_replication_origin_create(" + Quoted.literal(name) + "); END IF; END $$");
            statement.execute("SELECT pg_replication_origin_session_setup(" + Quoted.literal(name) + ")");
        } catch (SQLException e) {
            if (originPolicy == OriginPolicy.REQUIRE || !NO_ORIGIN.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            if (!originWarned) {
                originWarned = true;
                LOG.warn(
                        "rows that are written to {} carry no replication origin: the role may not set one, or {} leaves none."
                                + " SELECT roname FROM pg_replication_origin WHERE roname LIKE 'pgcdc\\_%' there shows those of"
                                + " pgcdc, also of sinks and databases that are gone; pg_replication_origin_drop(roname) frees one. A capture of that database cannot tell them from other changes."
                                + " As a superuser, GRANT EXECUTE ON FUNCTION pg_replication_origin_oid(text),"
                                + " pg_replication_origin_create(text), pg_replication_origin_session_setup(text) TO that role; or"
                                + " write origin: off.",
                        where(), originLimit(connection.getMetaData().getDatabaseMajorVersion()));
            }
        }
    }

    /** Returns the server's setting that limits origins. */
    static String originLimit(int majorVersion) {
        return majorVersion < OWN_ORIGIN_LIMIT ? "max_replication_slots" : "max_active_replication_origins";
    }

    public static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection", e);
        }
    }
}
