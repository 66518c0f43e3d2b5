package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sinks.outbox.Outbox;
import io.pgcdc.sinks.outbox.OutboxEvent;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.sinks.postgres.transaction.Applier;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Inserts events into the inbox, except events that it already has. For one thread. */
final class InboxApplier implements Applier {

    private static final Logger LOG = LoggerFactory.getLogger(InboxApplier.class);

    private final String sink;
    private final TableName table;
    private final boolean create;
    private final boolean timeWanted;
    private final String service;
    private final boolean byPosition;
    private final Outbox outbox;
    private final @Nullable SourceMarks marks;
    private final EventColumns events = new EventColumns();

    /** Rows of the outbox whose events were taken but not sent. {@link #send} passes them to {@link #marks}. */
    private final List<Unmarked> unmarked = new ArrayList<>();

    private final PassedEvents passed = new PassedEvents();

    /** @param place the event's place among those that were taken */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Unmarked(int place, int xid, byte[] id) {}

    private boolean replaying;
    private long bytes;
    private @Nullable Connection connection;
    private @Nullable InboxStatements statements;

    InboxApplier(String sink, SettingValues settings) {
        this.sink = sink;
        table = settings.get(InboxSettings.TABLE);
        create = settings.get(TargetSettings.CREATE);
        timeWanted = settings.isGiven(OutboxSettings.TIME);
        service = settings.get(InboxSettings.SOURCE_SERVICE);
        byPosition = settings.get(InboxSettings.IDENTITY) == EventIdentity.POSITION;
        outbox = new Outbox(sink, settings, Set.of(), true);
        marks = SourceMarks.of(sink, settings, outbox.table());
    }

    @Override
    public void connected(Connection fresh, int sinkId, boolean onSource) throws SQLException {
        InboxTable inbox = new InboxTable(table);
        if (create) {
            inbox.create(fresh);
        }
        InboxShape shape = inbox.check(fresh);
        if (timeWanted && !shape.timed()) {
            LOG.warn(
                    "sink {}: the times of time_column are not written, because {} has no column occurred_at of type TIMESTAMPTZ."
                            + " To have them, run in the target: {} Then start again.",
                    sink,
                    table,
                    inbox.addTime());
        }
        discard();
        bytes = 0;
        passed.clear(); // they come again
        if (marks != null) {
            marks.published().clear(); // their events may not have been committed
        }
        connection = fresh;
        statements = new InboxStatements(fresh, table, shape, service);
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
        if (event.fromTable()) {
            unmarked.add(new Unmarked(events.count(), change.xid(), event.id()));
        }
        bytes += events.add(inboxId(change, event), event, time(change.commitTimeMicros()));
        return true;
    }

    private byte[] inboxId(Change change, OutboxEvent event) {
        return byPosition ? change.position().toString().getBytes(StandardCharsets.US_ASCII) : event.id();
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    /** Adds the row to the marks again. The inbox has its event, but a crash may have prevented the mark. */
    @Override
    public void passedOver(Change change) {
        if (marks == null) {
            return;
        }
        try {
            OutboxEvent event = outbox.event(change);
            if (event != null && event.fromTable()) {
                passed.add(change.xid(), inboxId(change, event), event);
            }
        } catch (RefusedChangeException e) {
            LOG.debug("an event that was skipped then is not marked now", e);
        }
    }

    /** Has the outbox's row marked as failed. */
    @Override
    public boolean refused(Change change) {
        byte[] id = outbox.rowId(change);
        if (marks != null && id != null) {
            marks.failed().add(change.xid(), id);
        }
        return false;
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
    }

    @Override
    public void send() throws SQLException {
        InboxStatements inbox = statements;
        int taken = events.count();
        if (taken == 0 || inbox == null) {
            return;
        }
        int inserted = inbox.insert(events);
        BitSet others = inserted < taken ? inbox.others(events) : new BitSet();
        if (inserted < taken) {
            if (!replaying && !others.isEmpty()) { // the terms of a replay: rows that are there stay as they are
                throw new SQLException(
                        "an event has the id of another one", TargetErrors.USED_ID); // the sink then finds it
            }
            LOG.warn("skipped {} events whose ids are already in {}", taken - inserted, table);
        }
        if (marks != null) {
            unmarked.stream()
                    .filter(row -> !others.get(row.place()))
                    .forEach(row -> marks.published().add(row.xid(), row.id()));
        }
        clear();
    }

    private void clear() {
        events.clear();
        unmarked.clear();
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
    public void beforeCommit(Position last) {
        if (marks != null) {
            marks.failed().requireWritten();
        }
    }

    @Override
    public boolean settled() throws SQLException {
        bytes = 0;
        Connection current = connection;
        InboxStatements inbox = statements;
        if (marks == null || current == null || inbox == null) {
            return true;
        }
        passed.settle(current, inbox, marks.published());
        boolean failed = marks.failed().write();
        return marks.published().write() && failed;
    }

    @Override
    public String destination(Change change) {
        return "table " + table;
    }

    @Override
    public void close() {
        if (marks != null) {
            marks.failed().writeLast();
            marks.rows().close();
        }
    }
}
