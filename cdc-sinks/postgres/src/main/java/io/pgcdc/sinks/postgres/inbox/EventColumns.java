package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.sinks.outbox.OutboxEvent;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Events as parameters of a statement: one array for each of their parts. For one thread. */
final class EventColumns {

    /** The table of the events in a FROM clause. Its parameters are those of {@link #bind}. {@code place} counts from 1. */
    static final String TABLE = "unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])"
            + " WITH ORDINALITY AS e (id, type, aggregate, payload, time, place)";

    private final TextArray ids = new TextArray();
    private final TextArray types = new TextArray();
    private final TextArray aggregates = new TextArray();
    private final TextArray payloads = new TextArray();
    private final TextArray times = new TextArray();
    private int count;

    /**
     * Adds an event.
     *
     * @param id the value of source_event_id
     * @param commitTime the event's time if it has none of its own
     * @return the size of the values in bytes
     */
    int add(byte[] id, OutboxEvent event, String commitTime) {
        count++;
        byte[] payload = event.payload();
        byte[] time = event.time();
        return add(ids, id)
                + add(types, event.type())
                + add(aggregates, event.aggregateId())
                + (payload == null ? addNull(payloads) : add(payloads, payload))
                + add(times, time == null ? commitTime.getBytes(StandardCharsets.US_ASCII) : time);
    }

    private static int add(TextArray to, byte[] text) {
        to.add(text, 0, text.length);
        return text.length;
    }

    private static int addNull(TextArray to) {
        to.addNull();
        return 0;
    }

    int count() {
        return count;
    }

    /** Sets five parameters. The arrays are read when the statement runs. */
    void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setObject(first, ids);
        statement.setObject(first + 1, types);
        statement.setObject(first + 2, aggregates);
        statement.setObject(first + 3, payloads);
        statement.setObject(first + 4, times);
    }

    void clear() {
        ids.clear();
        types.clear();
        aggregates.clear();
        payloads.clear();
        times.clear();
        count = 0;
    }
}
