package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Outlook;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.ServerWords;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the server repeats the same permanent error, with no commit received in between. Connecting again would then only let its WAL
 * grow. Capture thread.
 */
public final class Standstill {

    /** Number of equal errors that ends the run. The pauses of {@code Backoff} between them add up to seconds. */
    static final int MOST = 5;

    private final String slot;
    private final Supplier<String> where;
    private String last = "";
    private int count;

    /**
     * Counts from zero.
     *
     * @param where names the server, for messages
     */
    public Standstill(String slot, Supplier<String> where) {
        this.slot = slot;
        this.where = where;
    }

    /** The stream's place. {@code openCommitLsn} is the commit LSN of the open transaction, or INVALID. */
    record StreamPlace(long receivedLsn, long receivedCommitLsn, long openCommitLsn) {}

    /** Counts a failure. Returns the error that ends the run, or null to try again. */
    @Nullable
    SourceException failed(SourceException error, StreamPlace place) {
        if (error.code() == ErrorCode.AUTHENTICATION_FAILED) {
            return null; // a login says nothing about the stream
        }
        SQLException e = error.getCause() instanceof SQLException s && ServerWords.message(s) != null ? s : null;
        boolean permanent = e == null
                ? error.code() == ErrorCode.SOURCE_SQL_FAILED
                : Outlook.of(e.getSQLState()) == Outlook.PERMANENT;
        if (!permanent) {
            return null;
        }
        String now = (e == null ? "" : e.getSQLState()) + " " + place.receivedCommitLsn();
        count = now.equals(last) ? count + 1 : 1;
        last = now;
        return count < MOST ? null : end(error, e, place);
    }

    private SourceException end(SourceException error, @Nullable SQLException e, StreamPlace place) {
        String lsn = e == null ? null : ServerWords.lsn(e);
        String said = e == null ? String.valueOf(error.getMessage()) : ServerWords.all(e);
        String received = Lsn.toString(place.receivedLsn());
        boolean known = place.openCommitLsn() != Lsn.INVALID;
        // a slot skips transactions that committed before its position: one byte after the commit record's begin is
        // enough
        String upTo = known ? "'" + Lsn.toString(place.openCommitLsn() + 1) + "'" : "pg_current_wal_flush_lsn()";
        String lost = known
                ? "This loses the transaction that committed at " + Lsn.toString(place.openCommitLsn()) + "."
                : "This loses all transactions that commit from " + received
                        + " up to that moment; docs/how-to/standstill.md shows how to give up only one.";
        return new SourceException(
                ErrorCode.STREAM_STANDSTILL,
                "the server gives the same error each time" + (lsn == null ? "" : ", at LSN " + lsn) + ": "
                        + said + "; slot \"" + slot + "\" at " + where.get() + ". Nothing after LSN " + received
                        + " arrives, and the server keeps its WAL from there on. First try to remove the cause. The server uses the"
                        + " publication as it was at the time of each change, so altering it helps later changes only. To skip what fails:"
                        + " SELECT pg_replication_slot_advance('" + slot + "', " + upTo
                        + "); then start with --accept-gap. " + lost,
                error);
    }
}
