package io.pgcdc.catalog;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.Outlook;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.EndableLogin;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SessionSettings;
import io.pgcdc.session.SourceErrors;
import io.pgcdc.session.TimedLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ordinary SQL connection to the source. Opened when first needed, and again after it was lost. For one thread at a time.
 */
public final class CatalogConnection implements AutoCloseable {

    /** One question to the catalog. */
    public interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CatalogConnection.class);

    /** After this many executions, a question is prepared on the server. */
    private static final int PREPARED_AFTER = 2;

    private static final SessionSettings SETTINGS = SessionSettings.OF_SOURCE
            // questions about tables run once per table, and planning takes longer than execution
            .and("SET plan_cache_mode TO 'force_generic_plan'");

    private String jdbcUrl;
    private Supplier<Properties> properties;
    private String where;
    private final int answerTimeoutMs;
    private final EndableLogin login = new EndableLogin();
    private volatile @Nullable Connection connection;

    /**
     * Sets the server; connects later.
     *
     * @param jdbcUrl host, port, database
     * @param properties user, password, TLS; called for each connect, because the password may change
     * @param where host, port and database for messages, without the password
     * @param answerTimeoutMs limit of each answer in ms; if exceeded, the connection counts as lost
     */
    public CatalogConnection(String jdbcUrl, Supplier<Properties> properties, String where, int answerTimeoutMs) {
        this.jdbcUrl = jdbcUrl;
        this.properties = properties;
        this.where = where;
        this.answerTimeoutMs = answerTimeoutMs;
    }

    public String where() {
        return where;
    }

    /** Sets the server for later questions. */
    public void use(ServerAddress server) {
        close();
        jdbcUrl = server.jdbcUrl();
        properties = server::properties;
        where = server.describe();
    }

    /**
     * Asks the question, on a new connection if the old one was lost. A question may therefore run twice.
     *
     * @param doing completes "while …" in an error
     */
    public <T> T ask(String doing, Question<T> question) {
        boolean fresh = connection == null;
        int aborts = login.aborts();
        try {
            Connection current = connected();
            if (!fresh) {
                readPending(current);
            }
            return question.ask(current);
        } catch (SQLException e) {
            Outlook outlook = Outlook.of(e.getSQLState());
            boolean lost = outlook == Outlook.CONNECTION || outlook == Outlook.SERVER;
            if (lost) {
                close();
            }
            if (!lost || fresh || login.aborts() != aborts) {
                throw failed(e, doing);
            }
            LOG.info("the catalog connection was lost: {}. Connecting again.", ServerWords.said(e));
        }
        try {
            return question.ask(connected());
        } catch (SQLException e) {
            throw failed(e, doing);
        }
    }

    /** Like {@link #ask}, but without a limit for the answer, for questions that may wait for other transactions. */
    public <T> T askWithoutLimit(String doing, Question<T> question) {
        return ask(doing, connection -> TimedLogin.withoutLimit(connection, () -> question.ask(connection)));
    }

    /**
     * Reads what the server sent since the last question. Otherwise, on a closed Unix socket, the next statement fails before that
     * is read.
     */
    private static void readPending(Connection current) throws SQLException {
        current.unwrap(PGConnection.class).getNotifications();
    }

    private SourceException failed(SQLException e, String doing) {
        return SourceErrors.statement(e, doing + " at " + where);
    }

    private Connection connected() {
        Connection current = connection;
        if (current == null) {
            return login.connect(
                    () -> PinnedLogin.connect(
                            jdbcUrl, properties(), where, answerTimeoutMs, SETTINGS, SourceErrors.LOGIN),
                    opened -> connection = opened,
                    where);
        }
        return current;
    }

    private Properties properties() {
        Properties all = new Properties();
        all.putAll(properties.get());
        PGProperty.PREPARE_THRESHOLD.set(all, PREPARED_AFTER);
        return all;
    }

    /** Ends a running question, or the attempt to connect for it, which then fails. Any thread. */
    public void abort() {
        login.abort();
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("aborting a connection to the catalog", e);
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
