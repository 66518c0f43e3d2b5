package io.pgcdc.source;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;

/**
 * Compares the server's history with that of the received WAL. LSNs have the same meaning only in a common history. A promoted
 * standby starts a new timeline. A restored server may lack WAL that it sent before.
 */
public final class HistoryCheck {

    private HistoryCheck() {}

    /**
     * Returns if all received WAL belongs to the server's history.
     *
     * @param timeline timeline of the received WAL
     * @param receivedLsn end of the received WAL
     * @throws SourceException TIMELINE_FORKED, SERVER_BEHIND
     */
    public static void check(SourceSession session, int timeline, long receivedLsn, String where) {
        int now = session.system().timeline();
        if (now < timeline) {
            throw new SourceException(
                    ErrorCode.TIMELINE_FORKED,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + " of timeline " + timeline
                            + ", but the server is still on timeline " + now
                            + ": it is a former primary that was started again after a failover, or a restored server; "
                            + where
                            + ". Stop that server, and connect to the one on timeline " + timeline
                            + ". Only if that server no longer exists: --accept-gap continues on the older timeline, without"
                            + " the changes after the failover.");
        }
        if (now != timeline && !knows(session, now, timeline, receivedLsn)) {
            throw new SourceException(
                    ErrorCode.TIMELINE_FORKED,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + " of timeline " + timeline
                            + ", but the server is on timeline " + now
                            + ", whose history does not contain that LSN: it was promoted, or restored, without the WAL up to it; "
                            + where + remedy());
        }
        if (Lsn.compare(session.system().flushLsn(), receivedLsn) < 0) {
            throw new SourceException(
                    ErrorCode.SERVER_BEHIND,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + ", but the server's WAL ends at "
                            + Lsn.toString(session.system().flushLsn())
                            + ": it was restored from a backup, or lost WAL in a crash, or is a former primary that lacks WAL"
                            + " after a failover; " + where + remedy());
        }
    }

    private static boolean knows(SourceSession session, int now, int timeline, long receivedLsn) {
        return session.connection().timelineHistory(now).contains(timeline, receivedLsn);
    }

    private static String remedy() {
        return ". The server may lack changes that the sinks received after the fork. Connect to the server that has them. Only if none has them: start with --accept-gap,"
                + " which continues in this server's history, from its slot's LSN.";
    }
}
