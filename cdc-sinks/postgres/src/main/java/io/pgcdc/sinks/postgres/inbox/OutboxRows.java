package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.Target;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of the outbox on the source, over a connection of their own. It is opened when it is first needed, and again after {@link #close}.
 *
 * <p><b>A row that is not visible yet.</b> The server sends a transaction before other sessions can see it, if the transaction still
 * waits for a synchronous standby or is still listed as running. Its rows cannot be marked then. The statement that marks rows also
 * returns its snapshot, which tells the transactions that the statement does not see. If the statement sees a transaction but finds no row
 * to mark, the row was deleted or has another status.
 *
 * <p>For one thread.
 */
final class OutboxRows {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRows.class);

    /** Placeholders: the table, status_column, published_at_column, id_column, the id's type. The text of an enum may lack a label. */
    private static final String PUBLISH = """
            WITH marked AS (
                UPDATE %1$s SET %2$s = 'published', %3$s = now()
                WHERE (%4$s = ANY (?::text[]::%5$s[]) AND %2$s::text IN ('pending', 'failed'))
                    OR (%4$s = ANY (?::text[]::%5$s[]) AND %2$s::text = 'pending'))
            SELECT pg_current_snapshot()::text""";

    /** Placeholders: the table, status_column, what else to set, id_column, the id's type. */
    private static final String FAIL = """
            WITH marked AS (
                UPDATE %1$s SET %2$s = 'failed'%3$s WHERE %4$s = ?::text::%5$s AND %2$s::text IN ('pending', 'failed'))
            SELECT pg_current_snapshot()::text""";

    /** Shorter than the shortest answer_timeout_ms, after which the target ends the inbox's transaction that waits meanwhile. */
    private static final String FAIL_LOCK_LIMIT = "SET LOCAL lock_timeout = '500ms'";

    private final String sink;
    private final Target source;
    private final TableName table;
    private final String idColumn;
    private final String statusColumn;
    private final String publishedAtColumn;
    private final String retryColumn;
    private final boolean retryWanted;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement publish;
    private @Nullable PreparedStatement fail;

    OutboxRows(String sink, SettingValues settings, TableName table, ServerAddress address) {
        this.sink = sink;
        this.source = TargetSettings.second(address, settings);
        this.table = table;
        idColumn = settings.get(OutboxSettings.ID);
        statusColumn = settings.get(InboxSettings.STATUS);
        publishedAtColumn = settings.get(InboxSettings.PUBLISHED_AT);
        retryColumn = settings.get(InboxSettings.RETRY);
        retryWanted = settings.isGiven(InboxSettings.RETRY);
    }

    /** Returns host, port, database and user for messages. */
    String where() {
        return source.where();
    }

    TableName table() {
        return table;
    }

    String statusColumn() {
        return statusColumn;
    }

    /**
     * Marks rows as published.
     *
     * @param delivered ids of rows whose status may be pending or failed
     * @param unlessFailed ids of rows whose status must be pending
     * @return the transactions whose rows the statement saw
     */
    SeenTransactions publish(TextArray delivered, TextArray unlessFailed) throws SQLException {
        PreparedStatement statement = publish;
        if (statement == null) {
            statement = prepare(PUBLISH, Quoted.identifier(publishedAtColumn));
            publish = statement;
        }
        statement.setObject(1, delivered);
        statement.setObject(2, unlessFailed);
        return seen(statement);
    }

    /** Marks a row as failed, if its status is pending or failed, and counts it. Returns the transactions whose rows the statement saw. */
    SeenTransactions fail(byte[] id) throws SQLException {
        PreparedStatement statement = fail;
        if (statement == null) {
            statement = prepare(FAIL, countRefusal());
            fail = statement;
        }
        statement.setString(1, new String(id, StandardCharsets.UTF_8));
        Connection current = connection();
        current.setAutoCommit(false);
        try {
            Ddl.execute(current, FAIL_LOCK_LIMIT);
            SeenTransactions seen = seen(statement);
            current.commit();
            return seen;
        } finally {
            current.rollback();
            current.setAutoCommit(true);
        }
    }

    private static SeenTransactions seen(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return SeenTransactions.parse(row.getString(1));
        }
    }

    private PreparedStatement prepare(String sql, String third) throws SQLException {
        return connection()
                .prepareStatement(sql.formatted(
                        table.sql(), Quoted.identifier(statusColumn), third, Quoted.identifier(idColumn), idType()));
    }

    private String countRefusal() throws SQLException {
        if (Ddl.isTrue(
                connection(),
                "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND NOT attisdropped)",
                table.sql(),
                retryColumn)) {
            String column = Quoted.identifier(retryColumn);
            return ", " + column + " = coalesce(" + column + ", 0) + 1";
        }
        if (retryWanted) {
            LOG.warn(
                    "sink {}: {} has no column {}, so refusals are not counted. On the source: ALTER TABLE {} ADD COLUMN {} INTEGER DEFAULT 0;",
                    sink,
                    table,
                    retryColumn,
                    table.sql(),
                    Quoted.identifier(retryColumn));
        }
        return "";
    }

    private String idType() throws SQLException {
        String type = ask(
                "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = ?::regclass AND attname = ?",
                table.sql(),
                idColumn);
        return type == null ? "text" : type;
    }

    /** Returns the first value of a query, or null if it has no row. */
    @Nullable
    String ask(String sql, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection().prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private Connection connection() {
        Connection current = connection;
        if (current == null) {
            current = source.connect();
            connection = current;
        }
        return current;
    }

    void close() {
        Connection current = connection;
        connection = null;
        publish = null;
        fail = null;
        if (current != null) {
            Target.close(current);
        }
    }
}
