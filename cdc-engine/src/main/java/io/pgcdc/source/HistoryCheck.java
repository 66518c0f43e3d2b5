package io.pgcdc.source;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;

/**
 * Compares the server's history with what was received: LSNs mean the same only while both share it. A standby that was promoted
 * begins a timeline of its own; a server that was restored may have lost what its predecessor had sent.
 */
public final class HistoryCheck {

    private HistoryCheck() {}

    /**
     * Passes when all that was received belongs to the server's history.
     *
     * @param timeline that it was received on
     * @param receivedLsn how far
     * @throws SourceException TIMELINE_FORKED, SERVER_BEHIND
     */
    public static void check(SourceSession session, int timeline, long receivedLsn, String where) {
        int now = session.system().timeline();
        if (now < timeline) {
            throw new SourceException(
                    ErrorCode.TIMELINE_FORKED,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + " of timeline " + timeline
                            + ", and the server is still on timeline " + now
                            + ": a former primary that was started again after a failover answers, or a restored server; "
                            + where
                            + ". Stop that server, and connect to the one on timeline " + timeline
                            + ". Only if that one is gone for good: --accept-gap goes on along the older branch, without what came"
                            + " after the failover.");
        }
        if (now != timeline && !knows(session, now, timeline, receivedLsn)) {
            throw new SourceException(
                    ErrorCode.TIMELINE_FORKED,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + " of timeline " + timeline
                            + ", and the server is on timeline " + now
                            + ", whose history does not contain that: it was promoted, or restored, without the WAL up to there; "
                            + where + remedy());
        }
        if (Lsn.compare(session.system().flushLsn(), receivedLsn) < 0) {
            throw new SourceException(
                    ErrorCode.SERVER_BEHIND,
                    "the queue ends at LSN " + Lsn.toString(receivedLsn) + ", and the server's WAL already at "
                            + Lsn.toString(session.system().flushLsn())
                            + ": it was restored from a backup, or lost WAL in a crash, or a former primary answers that was left behind"
                            + " by a failover; " + where + remedy());
        }
    }

    private static boolean knows(SourceSession session, int now, int timeline, long receivedLsn) {
        return session.connection().timelineHistory(now).contains(timeline, receivedLsn);
    }

    private static String remedy() {
        return ". What the sinks received after the fork may not be in the server. Connect to the server that has it. Only if none has: start with --accept-gap,"
                + " which goes on along this server's history from where its slot stands.";
    }
}
