package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sinks.outbox.Outbox;
import io.pgcdc.sinks.outbox.OutboxEvent;
import io.pgcdc.sinks.postgres.transaction.Applier;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inserts events into the inbox, except events that it already has. For one thread. */
final class InboxApplier implements Applier {

    private static final Logger LOG = LoggerFactory.getLogger(InboxApplier.class);

    private final TableName table;
    private final boolean create;
    private final byte[] service;
    private final boolean byPosition;
    private final Outbox outbox;
    private final @Nullable PublishedMarks marks;
    private final TextArray ids = new TextArray();
    private final TextArray types = new TextArray();
    private final TextArray aggregates = new TextArray();
    private final TextArray payloads = new TextArray();

    /** Rows of the outbox whose events were taken but not sent. {@link #send} passes them to {@link #marks}. */
    private final List<Unmarked> unmarked = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Unmarked(int xid, byte[] id) {}

    private int waiting;
    private boolean replaying;
    private long bytes;
    private @Nullable PreparedStatement insert;
    private @Nullable PreparedStatement findOthers;

    InboxApplier(String sink, SettingValues settings) {
        table = settings.get(InboxSettings.TABLE);
        create = settings.get(TargetSettings.CREATE);
        service = settings.get(InboxSettings.SOURCE_SERVICE).getBytes(StandardCharsets.UTF_8);
        byPosition = settings.get(InboxSettings.IDENTITY) == EventIdentity.POSITION;
        outbox = new Outbox(sink, settings);
        marks = PublishedMarks.of(sink, settings, outbox.table());
    }

    @Override
    public void connected(Connection connection, int sinkId, boolean onSource) throws SQLException {
        InboxTable inbox = new InboxTable(table);
        if (create) {
            inbox.create(connection);
        }
        inbox.check(connection);
        discard();
        bytes = 0;
        if (marks != null) {
            marks.clear(); // their events may not have been committed
        }
        insert = connection.prepareStatement("INSERT INTO " + table.sql()
                + " (source_service, source_event_id, event_type, aggregate_id, event_data)"
                + " SELECT ?, e.id, e.type, e.aggregate, e.payload::jsonb"
                + " FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS e (id, type, aggregate, payload, place)"
                + " ORDER BY e.place ON CONFLICT (source_service, source_event_id) DO NOTHING");
        findOthers = connection.prepareStatement("SELECT EXISTS (SELECT FROM " + table.sql() + " t,"
                + " unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS e (id, type, aggregate, payload)"
                + " WHERE t.source_service = ? AND t.source_event_id = e.id::text"
                + " AND (t.event_type::text, t.aggregate_id::text, t.event_data::jsonb)"
                + " IS DISTINCT FROM (e.type, e.aggregate, e.payload::jsonb))");
    }

    @Override
    public List<TableName> tables() {
        return List.of(table);
    }

    @Override
    public ReplayTerms replayTerms(Connection connection, @Nullable Position has) {
        return new ReplayTerms(
                "Events that are gone from " + table
                        + " are inserted again, as new ones; those that are there stay as they are.",
                null,
                false,
                false,
                has);
    }

    @Override
    public boolean take(Change change) {
        OutboxEvent event = outbox.event(change);
        if (event == null) {
            return false;
        }
        add(ids, byPosition ? change.position().toString().getBytes(StandardCharsets.US_ASCII) : event.id());
        add(types, event.type());
        add(aggregates, event.aggregateId());
        add(payloads, event.requirePayload());
        waiting++;
        if (event.fromTable()) {
            unmarked.add(new Unmarked(change.xid(), event.id()));
        }
        return true;
    }

    /** Adds the row to the marks again. The inbox has its event, but a crash may have prevented the mark. */
    @Override
    public void passedOver(Change change) {
        PublishedMarks wanted = marks;
        if (wanted == null) {
            return;
        }
        try {
            OutboxEvent event = outbox.event(change);
            if (event != null && event.fromTable()) {
                wanted.add(change.xid(), event.id());
            }
        } catch (RefusedChangeException e) {
            LOG.debug("an event that was skipped then is not marked now", e);
        }
    }

    private void add(TextArray to, byte[] text) {
        to.add(text, 0, text.length);
        bytes += text.length;
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
    }

    @Override
    public void send() throws SQLException {
        PreparedStatement statement = insert;
        if (waiting == 0 || statement == null) {
            return;
        }
        statement.setString(1, new String(service, StandardCharsets.UTF_8));
        statement.setObject(2, ids);
        statement.setObject(3, types);
        statement.setObject(4, aggregates);
        statement.setObject(5, payloads);
        int inserted = statement.executeUpdate();
        statement.clearParameters();
        if (inserted < waiting) {
            if (!replaying) { // the terms of a replay: rows that are there stay as they are
                requireEqual();
            }
            LOG.warn("skipped {} events whose ids are already in {}", waiting - inserted, table);
        }
        if (marks != null) {
            unmarked.forEach(row -> marks.add(row.xid(), row.id()));
        }
        clear();
    }

    /**
     * Checks that events whose ids were used have the content of the earlier ones.
     *
     * @throws SQLException {@link TargetErrors#USED_ID}, a refusal: the sink then finds the event
     */
    private void requireEqual() throws SQLException {
        PreparedStatement statement = findOthers;
        if (statement == null) {
            return;
        }
        statement.setObject(1, ids);
        statement.setObject(2, types);
        statement.setObject(3, aggregates);
        statement.setObject(4, payloads);
        statement.setString(5, new String(service, StandardCharsets.UTF_8));
        try (ResultSet row = statement.executeQuery()) {
            if (row.next() && row.getBoolean(1)) {
                throw new SQLException("an event has the id of another one", TargetErrors.USED_ID);
            }
        } finally {
            statement.clearParameters();
        }
    }

    private void clear() {
        ids.clear();
        types.clear();
        aggregates.clear();
        payloads.clear();
        unmarked.clear();
        waiting = 0;
    }

    @Override
    public void discard() {
        clear();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean settled() {
        bytes = 0;
        return marks == null || marks.write();
    }

    @Override
    public String destination(Change change) {
        return "table " + table;
    }

    @Override
    public void close() {
        if (marks != null) {
            marks.close();
        }
    }
}
