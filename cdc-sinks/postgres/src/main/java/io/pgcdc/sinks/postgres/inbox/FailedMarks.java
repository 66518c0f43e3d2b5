package io.pgcdc.sinks.postgres.inbox;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.sinks.postgres.transaction.TargetErrors;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks rows of the outbox as failed when the inbox refuses their events, and counts the refusals.
 *
 * <p><b>When.</b> Before the next commit of the inbox, or when the sink closes. Not at the refusal: the source may keep the sink waiting, and the
 * inbox's open transaction, and with it the refusal's own error, would be lost. A row that is not visible yet ({@link OutboxRows}), or a source that does not answer, delays the
 * commit. That commit must not come first: it moves the sink's position past the change, and after a crash nobody could tell the row from
 * one whose event the inbox had and deleted. If the sink stops first, the change comes again, and is refused and marked again.
 *
 * <p><b>A mark that the source refuses</b> is given up with a warning. It never stops the sink, and never replaces the refusal's own error.
 *
 * <p>For one thread.
 */
final class FailedMarks {

    private static final Logger LOG = LoggerFactory.getLogger(FailedMarks.class);

    private final String sink;
    private final OutboxRows rows;
    private final FailedMarkRemedy remedy;
    private final Patience patience = new Patience();
    private final Deque<Refused> waiting = new ArrayDeque<>();

    /** A row to mark. */
    private static final class Refused {

        private final int xid;
        private final byte[] id;

        /** True if the source was busy at the first attempt. */
        private boolean tried;

        Refused(int xid, byte[] id) {
            this.xid = xid;
            this.id = id;
        }
    }

    FailedMarks(String sink, OutboxRows rows) {
        this.sink = sink;
        this.rows = rows;
        remedy = new FailedMarkRemedy(rows);
    }

    /**
     * Adds a row to mark.
     *
     * @param xid the transaction that inserted the row; 0 for a row that a snapshot read
     * @param id the value of id_column
     */
    void add(int xid, byte[] id) {
        waiting.add(new Refused(xid, id));
    }

    /**
     * Marks all visible rows. Waits up to 1 s for rows that are not visible yet.
     *
     * @return true if no row is left
     * @throws SinkException if the source does not answer. The rows are kept
     */
    boolean write() {
        return patience.tryUntilDone(this::mark, this::warn);
    }

    /** Like {@link #write}, but also throws SOURCE_NOT_VISIBLE if a row is left. */
    void requireWritten() {
        if (!write()) {
            throw PublishedMarks.notVisible(
                    sink,
                    waiting.size() + " rows of " + rows.table() + " cannot be marked as failed",
                    waiting.size(),
                    rows);
        }
    }

    /** Marks what it can before the sink closes. Throws nothing. */
    void writeLast() {
        try {
            write();
        } catch (SinkException e) {
            LOG.warn(
                    "sink {}: rows of {} are marked as failed when their events are refused again: {}",
                    sink,
                    rows.table(),
                    e.describe());
        }
    }

    private boolean mark() {
        for (Iterator<Refused> left = waiting.iterator(); left.hasNext(); ) {
            Refused row = left.next();
            try {
                SeenTransactions seen = rows.fail(row.id);
                if (seen.sees(row.xid)) {
                    left.remove();
                }
            } catch (SQLException e) {
                String sql = remedy.sql(e);
                failed(
                        row,
                        TargetErrors.statement(e, "marking an event in " + rows.table() + " as failed", rows.where()),
                        sql);
                left.remove();
            } catch (SinkException e) { // the login
                failed(row, e, "");
                left.remove();
            }
        }
        return waiting.isEmpty();
    }

    /** Throws the error if the mark can be tried again, else warns. A source that stays busy must not use up the sink's retries. */
    private void failed(Refused row, SinkException e, String sql) {
        rows.close();
        boolean busy = e.code() == ErrorCode.TARGET_BUSY;
        if (e.retry() == Retry.RECONNECT && !(busy && row.tried)) {
            row.tried |= busy;
            throw e;
        }
        LOG.warn(
                "sink {}: a row of {} is not marked as failed, although its event was refused: {}{}",
                sink,
                rows.table(),
                e.describe(),
                sql.isEmpty() ? "" : " On the source: " + sql);
    }

    private void warn() {
        LOG.warn(
                "sink {}: {} rows of {} cannot be marked as failed yet: their transactions are not visible on the source. The sink"
                        + " commits nothing before they are. Check with SELECT application_name, sync_state FROM pg_stat_replication"
                        + " that the standbys of synchronous_standby_names are connected.",
                sink,
                waiting.size(),
                rows.table());
    }
}
