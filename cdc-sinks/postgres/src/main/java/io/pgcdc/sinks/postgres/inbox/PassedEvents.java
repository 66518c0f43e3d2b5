package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.sinks.outbox.OutboxEvent;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Events that come again after a crash, and of which the target's position says that they are done. Their rows may lack a mark.
 *
 * <p>An event may be done because the inbox has it, had it and deleted it, or refused it. In the first case its row is marked as published. In
 * the others it is, unless it is marked as failed.
 *
 * <p>For one thread.
 */
final class PassedEvents {

    private final List<Passed> events = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Passed(int xid, byte[] inboxId, OutboxEvent event) {}

    void add(int xid, byte[] inboxId, OutboxEvent event) {
        events.add(new Passed(xid, inboxId, event));
    }

    void clear() {
        events.clear();
    }

    /** Passes the rows to the marks. Leaves no open transaction. */
    void settle(Connection connection, InboxStatements inbox, PublishedMarks marks) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        BitSet present = present(connection, inbox);
        for (int i = 0; i < events.size(); i++) {
            Passed passed = events.get(i);
            if (present.get(i)) {
                marks.add(passed.xid(), passed.event().id());
            } else {
                marks.addUnlessFailed(passed.xid(), passed.event().id());
            }
        }
        clear();
    }

    private BitSet present(Connection connection, InboxStatements inbox) throws SQLException {
        try {
            return present(connection, inbox, events);
        } catch (SQLException e) {
            if (!TargetErrors.isRefusal(e)) {
                throw e;
            }
        }
        // one of them was refused for a payload that is no JSON, and cannot be compared
        BitSet present = new BitSet();
        for (int i = 0; i < events.size(); i++) {
            present.set(i, isPresent(connection, inbox, events.get(i)));
        }
        return present;
    }

    private static boolean isPresent(Connection connection, InboxStatements inbox, Passed event) throws SQLException {
        try {
            return present(connection, inbox, List.of(event)).get(0);
        } catch (SQLException e) {
            if (!TargetErrors.isRefusal(e)) {
                throw e;
            }
            return false;
        }
    }

    private static BitSet present(Connection connection, InboxStatements inbox, List<Passed> some) throws SQLException {
        EventColumns columns = new EventColumns();
        some.forEach(passed -> columns.add(passed.inboxId(), passed.event(), ""));
        try {
            return inbox.present(columns);
        } finally {
            connection.rollback();
        }
    }
}
