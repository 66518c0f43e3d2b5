package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import io.pgcdc.sinks.postgres.transaction.TextArray;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks rows of the outbox as published when their events are durable. A crash before the mark leaves no row unmarked: the sink has not
 * reported these changes as durable, so they repeat. Rows that are not visible yet ({@link OutboxRows}) are kept, and marked later.
 *
 * <p>For one thread.
 */
final class PublishedMarks {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedMarks.class);

    /** Maximum number of rows that wait for their mark, so that they fit in memory. */
    private static final int MOST_WAITING = 100_000;

    private final String sink;
    private final OutboxRows rows;
    private final Patience patience = new Patience();
    private final TextArray deliveredIds = new TextArray();
    private final TextArray unlessFailedIds = new TextArray();

    /** Ids of unmarked rows, by the transaction that inserted them. */
    private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

    /** The unmarked rows of one transaction. */
    private record Waiting(PackedIds delivered, PackedIds unlessFailed) {}

    PublishedMarks(String sink, OutboxRows rows) {
        this.sink = sink;
        this.rows = rows;
    }

    /**
     * Adds a row whose event is in the inbox. It is marked also if it is marked as failed.
     *
     * @param xid the transaction that inserted the row, from {@link io.pgcdc.model.Change#xid}; 0 for a row that a snapshot read
     * @param id the value of id_column
     */
    void add(int xid, byte[] id) {
        of(xid).delivered().add(id);
    }

    /** Adds a row whose event was in the inbox, or was refused. It stays as it is if it is marked as failed. */
    void addUnlessFailed(int xid, byte[] id) {
        of(xid).unlessFailed().add(id);
    }

    private Waiting of(int xid) {
        return waiting.computeIfAbsent(xid, x -> new Waiting(new PackedIds(), new PackedIds()));
    }

    /**
     * Marks all visible rows. Waits up to 1 s for rows that are not visible yet.
     *
     * @return true if no row is left
     * @throws SinkException if the marks cannot be written, or too many rows are left. All rows are forgotten then: add them again
     */
    boolean write() {
        if (patience.tryUntilDone(this::mark, this::warn)) {
            return true;
        }
        requireRoom();
        return false;
    }

    private boolean mark() {
        if (waiting.isEmpty()) {
            return true;
        }
        for (Waiting some : waiting.values()) {
            some.delivered().addTo(deliveredIds);
            some.unlessFailed().addTo(unlessFailedIds);
        }
        try {
            SeenTransactions seen = rows.publish(deliveredIds, unlessFailedIds);
            waiting.keySet().removeIf(seen::sees);
            return waiting.isEmpty();
        } catch (SQLException e) {
            clear();
            rows.close();
            throw TargetErrors.statement(e, "marking events in " + rows.table() + " as published", rows.where());
        } finally {
            deliveredIds.clear();
            unlessFailedIds.clear();
        }
    }

    private void warn() {
        LOG.warn(
                "sink {}: rows of {} from {} transactions cannot be marked as published yet: those transactions are"
                        + " not visible on the source. They are marked later, and the slot waits for that. Check with SELECT"
                        + " application_name, sync_state FROM pg_stat_replication that the standbys of"
                        + " synchronous_standby_names are connected.",
                sink,
                rows.table(),
                waiting.size());
    }

    private void requireRoom() {
        long left = waiting.values().stream()
                .mapToLong(
                        some -> some.delivered().count() + some.unlessFailed().count())
                .sum();
        if (left > MOST_WAITING) {
            int transactions = waiting.size();
            clear();
            throw notVisible(
                    sink, left + " rows of " + rows.table() + " cannot be marked as published", transactions, rows);
        }
    }

    /** Returns the error of rows that the source does not show. */
    static SinkException notVisible(String sink, String what, int transactions, OutboxRows rows) {
        return new SinkException(
                ErrorCode.SOURCE_NOT_VISIBLE,
                "sink \"" + sink + "\": " + what + ", because the source has not finished " + transactions
                        + " transactions that it sent; " + rows.where()
                        + ". SELECT application_name, sync_state FROM pg_stat_replication there shows whether the standbys of"
                        + " synchronous_standby_names are connected.");
    }

    /** Forgets all rows. */
    void clear() {
        waiting.clear();
    }
}
