package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.SinkException;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.SessionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to a database that is written to. */
public final class Target {

    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    /** The server breaks off first, and says so; the socket's limit is for one that no longer says anything. */
    private static final int SOCKET_GRACE_MS = 5_000;

    /** No privilege, no slots for origins, or none left. */
    private static final Set<String> NO_ORIGIN = Set.of("42501", "55000", "53400");

    /** Types that go over the wire in their binary form, beside those that do so anyway: text[]. */
    private static final String BINARY_TYPES = "TEXT_ARRAY";

    private final ServerAddress address;
    private final int answerTimeoutMs;
    private final SessionSettings settings;
    private final OriginPolicy originPolicy;
    private boolean originWarned;

    Target(ServerAddress address, int answerTimeoutMs, OriginPolicy originPolicy) {
        this.address = address;
        this.answerTimeoutMs = answerTimeoutMs;
        this.settings = settings(answerTimeoutMs);
        this.originPolicy = originPolicy;
    }

    /** For messages: host, port, database and user, without the password. */
    public String where() {
        return address.describe();
    }

    /**
     * Connects; without a transaction open, and with each statement to be committed by itself.
     *
     * @throws SinkException TARGET_LOST, TARGET_LOGIN_REFUSED or SESSION_NOT_PINNED, among others
     */
    public Connection connect() {
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

    /** The server's limit for a statement on a connection whose socket has that one. */
    static int statementMs(int socketMs) {
        return socketMs - SOCKET_GRACE_MS;
    }

    /**
     * What is written is read as the source's server wrote it, and each wait has an end. The search path stays the role's: the target's triggers
     * may go by it.
     */
    private static SessionSettings settings(int answerTimeoutMs) {
        String limit = " TO '" + answerTimeoutMs + "ms'";
        return SessionSettings.EVERYWHERE
                .with("client_min_messages", "warning")
                .and("SET statement_timeout" + limit)
                // for statements whose time is not limited
                .and("SET lock_timeout" + limit)
                // a process that stands still must not hold its locks
                .and("SET idle_in_transaction_session_timeout" + limit)
                // what a commit answered must survive a crash of the server
                .and("SELECT pg_catalog.set_config('synchronous_commit', 'on', false)"
                        + " WHERE pg_catalog.current_setting('synchronous_commit') = 'off'");
    }

    /**
     * Marks what the session writes from now on with a replication origin, where policy and privileges have it so.
     *
     * @param name of the origin; used by one session at a time
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
                        "what is written to {} carries no replication origin, for the role may not set one, or max_replication_slots leaves"
                                + " none: a capture there cannot tell it from other changes. As a superuser, GRANT EXECUTE ON FUNCTION pg_replication_origin_oid(text),"
                                + " pg_replication_origin_create(text), pg_replication_origin_session_setup(text) TO that role; or"
                                + " write origin: off.",
                        where());
            }
        }
    }

    public static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing a connection", e);
        }
    }
}
