package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.error.CdcException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says for whom a slot's creation waits: the server ends it when each transaction that was open at its beginning is over, and says nothing
 * meanwhile. Uses the catalog connection until its end, on a thread of its own.
 */
final class SlotBlockers {

    private static final Logger LOG = LoggerFactory.getLogger(SlotBlockers.class);

    private static final long LOOK_EVERY_MS = 1_000;

    /** A wait for a transaction's end is a wait for the lock on its id. A prepared transaction has no process. */
    private static final String QUERY = """
            SELECT p.gid, a.pid, concat_ws(', ', nullif(a.application_name, ''), 'as ' || coalesce(a.usename, p.owner),
                       'in ' || coalesce(a.datname, p.database)) AS who,
                   coalesce(a.xact_start, p.prepared)::timestamptz(0)::text AS since
            FROM pg_catalog.pg_locks l
            LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = l.transactionid
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = ANY (pg_catalog.pg_blocking_pids(l.pid))
            WHERE l.pid = ? AND NOT l.granted AND l.locktype = 'transactionid'
            LIMIT 1
            """;

    private final String slot;
    private final CatalogConnection catalog;
    private final int serverPid;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;

    private SlotBlockers(String slot, CatalogConnection catalog, int serverPid) {
        this.slot = slot;
        this.catalog = catalog;
        this.serverPid = serverPid;
        thread = new Thread(this::watch, Thread.currentThread().getName() + "/slot-blockers");
        thread.setDaemon(true);
    }

    /**
     * Begins to look.
     *
     * @param serverPid the server's process that creates the slot
     */
    static SlotBlockers watch(String slot, CatalogConnection catalog, int serverPid) {
        SlotBlockers blockers = new SlotBlockers(slot, catalog, serverPid);
        blockers.thread.start();
        return blockers;
    }

    private void watch() {
        String last = "";
        try {
            while (!done.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
                String now = catalog.ask("asking for whom the slot's creation waits", this::blocker);
                if (!now.isEmpty() && !now.equals(last)) {
                    last = now;
                    LOG.warn("creating slot \"{}\" waits for the end of {}", slot, now);
                }
            }
        } catch (CdcException e) {
            LOG.debug("nobody can say for whom the slot's creation waits", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns for whom the server's process waits; empty: for nobody. */
    private String blocker(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setInt(1, serverPid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? describe(row) : "";
            }
        }
    }

    private static String describe(ResultSet row) throws SQLException {
        String rest = " (" + row.getString("who") + "), open since " + row.getString("since") + ". To end it: ";
        String gid = row.getString("gid");
        if (gid != null) {
            return "prepared transaction '" + gid + "'" + rest + "COMMIT PREPARED or ROLLBACK PREPARED '" + gid + "'";
        }
        int pid = row.getInt("pid");
        return "a transaction of process " + pid + rest + "SELECT pg_terminate_backend(" + pid + ")";
    }

    /** Looks no more. The catalog connection is free again. */
    void end() {
        done.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
