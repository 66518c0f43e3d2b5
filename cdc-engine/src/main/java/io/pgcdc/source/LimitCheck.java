package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.RemedySql;
import io.pgcdc.catalog.ServerLimits;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import java.util.ArrayList;
import java.util.List;

/** Checks the server's limits that may cost the slot, the primary's disk or the connection. Changes nothing. One thread. */
public final class LimitCheck {

    private static final long MB_PER_GB = 1_024;

    /** Room for a sink that fails for a while. */
    private static final long SUGGESTED_GB = 50;

    /** The least room, in multiples of max_wal_size: checkpoints remove WAL only then. */
    private static final long LEAST_MAX_WALS = 2;

    private static final int SUGGESTED_MORE_SLOTS = 10;

    /** The server's default of wal_sender_timeout. */
    private static final long DEFAULT_TIMEOUT_MS = 60_000;

    /** A status message may be late, or lost with a connection. */
    private static final long STATUSES_A_TIMEOUT = 2;

    private final SourceConfig source;
    private final CatalogConnection catalog;

    public LimitCheck(SourceConfig source, CatalogConnection catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    /** Returns the findings. A slot that is to be created and has no room is fatal. */
    public List<Finding> inspect(Preflight.Findings found) {
        ServerLimits limits = catalog.ask("reading the server's limits", ServerLimits::read);
        List<Finding> findings = new ArrayList<>();
        SlotState slot = found.slot();
        if (slot == null && source.createSlot()) {
            room(limits, findings);
            blockers(limits, findings);
        }
        failover(found, findings);
        if (slot != null && slot.walStatus().equals("unreserved")) {
            findings.add(warning(
                    ErrorCode.SLOT_NEAR_LOSS,
                    "the server removes WAL that slot \"" + slot.name() + "\" needs at its next checkpoint",
                    keep("Let the pipeline run; or, as a superuser, let the server keep more", limits)));
        }
        keptWal(limits, findings);
        if (limits.idleSlotMs() > 0) {
            findings.add(warning(
                    ErrorCode.SLOT_IDLE_LIMIT,
                    "idle_replication_slot_timeout is " + limits.idleSlotMs() / 1_000
                            + " s: if pgcdc does not run for so long, the server invalidates the slot, and changes are lost",
                    Remedy.sql(
                            "As a superuser",
                            "ALTER SYSTEM SET idle_replication_slot_timeout = 0;",
                            "SELECT pg_reload_conf();")));
        }
        timeout(found.server().database(), limits, findings);
        return findings;
    }

    private void room(ServerLimits limits, List<Finding> findings) {
        if (limits.usedSlots() >= limits.maxSlots()) {
            findings.add(Finding.fatal(
                    ErrorCode.SLOTS_EXHAUSTED,
                    "no replication slot is free: max_replication_slots is " + limits.maxSlots(),
                    catalog.where(),
                    Remedy.sql(
                                    "Drop an unused one (cdc slot list shows them); or, as a superuser",
                                    "ALTER SYSTEM SET max_replication_slots = "
                                            + (limits.usedSlots() + SUGGESTED_MORE_SLOTS) + ";")
                            .thenRestart()));
        }
    }

    private void blockers(ServerLimits limits, List<Finding> findings) {
        for (String gid : limits.preparedTransactions()) {
            findings.add(warning(
                    ErrorCode.SLOT_CREATION_WAITS,
                    "the slot's creation waits for the end of the prepared transaction '" + gid + "'",
                    Remedy.sql(
                            "COMMIT PREPARED it if it is to be kept; otherwise, in its database",
                            RemedySql.rollbackPrepared(gid))));
        }
    }

    private void failover(Preflight.Findings found, List<Finding> findings) {
        if (source.failoverSlot()
                && found.server().majorVersion() >= ServerLimits.FAILOVER_SLOTS_SINCE
                && catalog.ask("reading the slot", connection -> ServerLimits.isAlone(connection, source.slot()))) {
            findings.add(warning(
                    ErrorCode.FAILOVER_SLOT,
                    "slot \"" + source.slot()
                            + "\" exists, and no standby keeps it in step: failover_slot is for a slot that is created",
                    Remedy.config(
                            "ALTER_REPLICATION_SLOT " + source.slot()
                                    + " (FAILOVER true) changes it, on a replication connection. Or leave the setting out.",
                            "source.failover_slot: false")));
        }
    }

    private void keptWal(ServerLimits limits, List<Finding> findings) {
        if (limits.keptWalMb() < 0) {
            findings.add(warning(
                    ErrorCode.WAL_KEEP_LIMIT,
                    "max_slot_wal_keep_size is unlimited: while pgcdc does not read, WAL can fill the primary's disk",
                    keep("As a superuser, with what the disk can spare", limits)));
        } else if (limits.keptWalMb() < LEAST_MAX_WALS * limits.maxWalMb()) {
            findings.add(warning(
                    ErrorCode.WAL_KEEP_LIMIT,
                    "max_slot_wal_keep_size is " + limits.keptWalMb() + " MB, less than twice max_wal_size ("
                            + limits.maxWalMb() + " MB): a short stop of pgcdc can cost the slot",
                    keep("As a superuser, with what the disk can spare", limits)));
        }
    }

    private static Remedy keep(String words, ServerLimits limits) {
        long gb = Math.max(SUGGESTED_GB, LEAST_MAX_WALS * limits.maxWalMb() / MB_PER_GB + 1);
        return Remedy.sql(
                words, "ALTER SYSTEM SET max_slot_wal_keep_size = '" + gb + "GB';", "SELECT pg_reload_conf();");
    }

    private void timeout(String database, ServerLimits limits, List<Finding> findings) {
        long limit = limits.walSenderTimeoutMs();
        // the setting of a role in a database beats those of role, database and file
        Remedy remedy = Remedy.sql(
                "As a superuser",
                RemedySql.setForRole(
                        limits.role(),
                        database,
                        "wal_sender_timeout",
                        Math.max(DEFAULT_TIMEOUT_MS, (STATUSES_A_TIMEOUT + 1) * source.statusIntervalMs()) + "ms"));
        if (limit == 0) {
            findings.add(warning(
                    ErrorCode.WAL_SENDER_LIMIT,
                    "wal_sender_timeout is 0 for role \"" + limits.role()
                            + "\": if this machine is lost, the server keeps the slot in use, and another one cannot go on",
                    remedy));
        } else if (limit < STATUSES_A_TIMEOUT * source.statusIntervalMs()) {
            findings.add(warning(
                    ErrorCode.WAL_SENDER_LIMIT,
                    "wal_sender_timeout is " + limit + " ms for role \"" + limits.role()
                            + "\", less than twice source.status_interval_ms (" + source.statusIntervalMs()
                            + "): the server may end a connection that works",
                    remedy));
        }
    }

    private Finding warning(ErrorCode code, String happened, Remedy remedy) {
        return Finding.warning(code, happened, catalog.where(), remedy);
    }
}
