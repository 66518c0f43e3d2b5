package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;

/** The statements on an inbox table, on one connection. For one thread. */
final class InboxStatements {

    private final String service;
    private final PreparedStatement insert;
    private final PreparedStatement compare;

    InboxStatements(Connection connection, TableName table, InboxShape shape, String service) throws SQLException {
        this.service = service;
        insert = connection.prepareStatement("INSERT INTO " + table.sql()
                + " (source_service, source_event_id, event_type, aggregate_id, event_data"
                + (shape.timed() ? ", occurred_at" : "") + ") SELECT ?, e.id, e.type, e.aggregate, "
                + (shape.dataMayBeNull() ? "e.payload::jsonb" : "coalesce(e.payload::jsonb, 'null')")
                + (shape.timed() ? ", e.time::timestamptz" : "")
                + " FROM " + EventColumns.TABLE
                + " ORDER BY e.place ON CONFLICT (source_service, source_event_id) DO NOTHING");
        // an event without a payload is there with NULL or with the JSON null: NOT NULL may have been dropped or set
        // since
        compare = connection.prepareStatement("SELECT e.place,"
                + " (t.event_type::text, t.aggregate_id::text, coalesce(t.event_data::jsonb, 'null'))"
                + " IS DISTINCT FROM (e.type, e.aggregate, coalesce(e.payload::jsonb, 'null'))"
                + " FROM " + table.sql() + " t, " + EventColumns.TABLE
                + " WHERE t.source_service = ? AND t.source_event_id = e.id");
    }

    /** Inserts the events whose ids the inbox does not have. Returns how many these are. */
    int insert(EventColumns events) throws SQLException {
        insert.setString(1, service);
        events.bind(insert, 2);
        int inserted = insert.executeUpdate();
        insert.clearParameters();
        return inserted;
    }

    /** Returns the places, from 0, of the events that are in the inbox. */
    BitSet present(EventColumns events) throws SQLException {
        return compare(events, false);
    }

    /** Returns the places, from 0, of the events whose id is in the inbox with another content. */
    BitSet others(EventColumns events) throws SQLException {
        return compare(events, true);
    }

    private BitSet compare(EventColumns events, boolean differs) throws SQLException {
        events.bind(compare, 1);
        compare.setString(6, service);
        BitSet places = new BitSet();
        try (ResultSet row = compare.executeQuery()) {
            while (row.next()) {
                if (row.getBoolean(2) == differs) {
                    places.set(row.getInt(1) - 1);
                }
            }
        } finally {
            compare.clearParameters();
        }
        return places;
    }
}
