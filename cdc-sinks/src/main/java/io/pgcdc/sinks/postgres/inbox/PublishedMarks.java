package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.config.ServerAddress;
import io.pgcdc.config.SettingValues;
import io.pgcdc.config.TableName;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import io.pgcdc.sinks.postgres.transaction.Target;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Marks rows of the outbox as published, over a connection to the source, once their events are durable. A crash in between leaves none
 * unmarked: what the sink has not called durable comes again. One thread.
 */
final class PublishedMarks {

    private final Target source;
    private final TableName outbox;
    private final String idColumn;
    private final String statusColumn;
    private final String publishedAtColumn;
    private final TextArray ids = new TextArray();
    private boolean any;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement update;

    private PublishedMarks(Target source, TableName outbox, SettingValues settings) {
        this.source = source;
        this.outbox = outbox;
        idColumn = settings.get(OutboxSettings.ID);
        statusColumn = settings.get(InboxSettings.STATUS);
        publishedAtColumn = settings.get(InboxSettings.PUBLISHED_AT);
    }

    /** Null when none are wanted. */
    static @Nullable PublishedMarks of(SettingValues settings, TableName outbox) {
        ServerAddress address = settings.find(InboxSettings.PUBLISH_URL);
        return address == null ? null : new PublishedMarks(TargetSettings.second(address, settings), outbox, settings);
    }

    void add(byte[] id) {
        ids.add(id, 0, id.length);
        any = true;
    }

    /** @throws io.pgcdc.error.SinkException when they could not be written; they are to be added again then */
    void write() {
        if (!any) {
            return;
        }
        try {
            PreparedStatement statement = update();
            statement.setObject(1, ids);
            statement.executeUpdate();
        } catch (SQLException e) {
            close();
            throw TargetErrors.statement(e, "marking events in " + outbox + " as published", source.where());
        } finally {
            clear();
        }
    }

    /** None is wanted any more. */
    void clear() {
        ids.clear();
        any = false;
    }

    private PreparedStatement update() throws SQLException {
        PreparedStatement known = update;
        if (known != null) {
            return known;
        }
        Connection fresh = source.connect();
        connection = fresh;
        String status = Ddl.identifier(statusColumn);
        PreparedStatement statement = fresh.prepareStatement("UPDATE " + outbox.sql() + " SET " + status
                + " = 'published', " + Ddl.identifier(publishedAtColumn) + " = now() WHERE " + Ddl.identifier(idColumn)
                + " = ANY (?::text[]::" + idType(fresh) + "[]) AND " + status + " = 'pending'");
        update = statement;
        return statement;
    }

    private String idType(Connection fresh) throws SQLException {
        try (PreparedStatement statement = fresh.prepareStatement(
                "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = ?::regclass AND attname = ?")) {
            statement.setString(1, outbox.sql());
            statement.setString(2, idColumn);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "text";
            }
        }
    }

    void close() {
        Connection current = connection;
        connection = null;
        update = null;
        if (current != null) {
            Target.close(current);
        }
    }
}
