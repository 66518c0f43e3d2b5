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

/** Connects to a database that a sink writes to. */
public final class Target {

    private static final Logger LOG = LoggerFactory.getLogger(Target.class);

    /** Time after which the socket breaks a connection whose server, which has the shorter limit, no longer answers. */
    private static final int SOCKET_GRACE_MS = 5_000;

    /** SQLSTATEs: no privilege, origins are disabled, or none is left. */
    private static final Set<String> NO_ORIGIN = Set.of("42501", "55000", "53400");

    /** Types that are sent in binary form in addition to pgjdbc's own choice: text[]. */
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

    /** Returns host, port, database and user for messages, without the password. */
    public String where() {
        return address.describe();
    }

    /**
     * Connects, in auto-commit mode.
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

    /** Returns the server's limit of a statement for a socket's limit. */
    static int statementMs(int socketMs) {
        return socketMs - SOCKET_GRACE_MS;
    }

    /**
     * Returns the session's settings. Values are read like the source's server wrote them, and each wait has a limit. The search
     * path stays the role's, because the target's triggers may depend on it.
     */
    private static SessionSettings settings(int answerTimeoutMs) {
        String limit = " TO '" + answerTimeoutMs + "ms'";
        return SessionSettings.EVERYWHERE
                .with("client_min_messages", "warning")
                .and("SET statement_timeout" + limit)
                // for statements without a time limit
                .and("SET lock_timeout" + limit)
                // a stopped process must not keep its locks
                .and("SET idle_in_transaction_session_timeout" + limit)
                // a commit that was answered must survive a crash of the server
                .and("SELECT pg_catalog.set_config('synchronous_commit', 'on', false)"
                        + " WHERE pg_catalog.current_setting('synchronous_commit') = 'off'");
    }

    /**
     * Marks what the session writes from here on with a replication origin, if policy and privileges allow it.
     *
     * @param name of the origin; one session uses it at a time
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
                        "rows that are written to {} carry no replication origin: the role may not set one, or"
                                + " max_replication_slots leaves none. A capture of that database cannot tell them from other changes."
                                + " As a superuser, GRANT EXECUTE ON FUNCTION pg_replication_origin_oid(text),"
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
