package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SourceErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What capture needs of server, publications and slot. Facts in, findings out: nothing here asks anybody, so that each way in which
 * a server can be unfit is told apart without having one. One thread.
 */
final class Requirements {

    private static final int OLDEST_VERSION = 14;

    /** Later servers switch logical decoding on when the first slot is made, at any wal_level but minimal. */
    private static final int WAL_LEVEL_DECIDES_UNTIL = 18;

    private static final int TABLES_SHOWN = 3;
    private static final String PLUGIN = "pgoutput";

    private final String where;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * For one source.
     *
     * @param where host, port, database and user, for messages
     */
    Requirements(String where) {
        this.where = where;
    }

    /** In the order in which a cause comes before its effects. */
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** False: the server is too old to be asked more. */
    boolean server(ServerFacts server) {
        if (server.majorVersion() < OLDEST_VERSION) {
            refuse(
                    ErrorCode.SERVER_TOO_OLD,
                    "PostgreSQL " + server.version() + " is too old, pgcdc reads " + OLDEST_VERSION + " and later",
                    "Upgrade the server.");
            return false;
        }
        if (server.inRecovery()) {
            refuse(ErrorCode.SOURCE_IN_RECOVERY, "the server is a standby", "Connect to the primary.");
        }
        if (server.majorVersion() <= WAL_LEVEL_DECIDES_UNTIL
                && !server.walLevel().equals("logical")) {
            refuse(
                    ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                    "wal_level is " + server.walLevel() + ", not logical",
                    SourceErrors.WAL_LEVEL_REMEDY);
        }
        return true;
    }

    /**
     * The server refused the replication connection.
     *
     * @param said the server's words
     */
    SourceException replicationRefused(Login login, SQLException said) {
        return new SourceException(
                ErrorCode.REPLICATION_PRIVILEGE_MISSING,
                "role \"" + login.role() + "\" may not use replication: " + ServerWords.said(said) + "; " + where + ". "
                        + login.grantReplication(),
                said);
    }

    /**
     * Publications and slot together: a slot never sees a publication that is younger than itself.
     *
     * @param missing those of the publications that do not exist
     * @param slot null when it does not exist
     */
    void publications(List<String> missing, boolean mayBeCreated, String slotName, @Nullable SlotState slot) {
        if (missing.isEmpty()) {
            return;
        }
        String what = missing.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(", "));
        String absent = missing.size() == 1
                ? "publication " + what + " does not exist"
                : "publications " + what + " do not exist";
        if (slot != null) {
            refuse(
                    mayBeCreated ? ErrorCode.PUBLICATION_SLOT_ORDER : ErrorCode.PUBLICATION_MISSING,
                    absent + ", and slot \"" + slotName + "\", which does, could not see one that is created now",
                    "Check --publication; to create it, choose another --slot and --queue-dir too, or drop the slot.");
        } else if (!mayBeCreated) {
            refuse(
                    ErrorCode.PUBLICATION_MISSING,
                    absent,
                    "Check --publication; or CREATE PUBLICATION there, or start with --create-publication.");
        }
    }

    /** @param tables of which two of the publications publish different columns */
    void columns(List<String> tables, List<String> publications) {
        if (tables.isEmpty()) {
            return;
        }
        String shown = String.join(", ", tables.subList(0, Math.min(tables.size(), TABLES_SHOWN)));
        String more = tables.size() > TABLES_SHOWN ? " and " + (tables.size() - TABLES_SHOWN) + " more" : "";
        refuse(
                ErrorCode.COLUMN_LISTS_DIFFER,
                "publications " + String.join(", ", publications) + " publish different columns of " + shown + more
                        + ", and the server sends no change of such a table to one slot",
                "Give them the same columns with ALTER PUBLICATION ... SET TABLE, or read them with a slot each. Changes that were made"
                        + " before still fail: see docs/standstill.md.");
    }

    void missingSlot(String slotName, boolean mayBeCreated) {
        if (!mayBeCreated) {
            refuse(
                    ErrorCode.SLOT_MISSING,
                    "slot \"" + slotName + "\" does not exist",
                    "Check --slot, or start with --create-slot. If it existed before, what changed since is lost to it.");
        }
    }

    void slot(SlotState slot, ServerFacts server) {
        String named = "slot \"" + slot.name() + "\"";
        if (!PLUGIN.equals(slot.plugin())) {
            String kind = slot.plugin() == null
                    ? " is a physical one, not one of pgoutput"
                    : " is one of output plugin " + slot.plugin() + ", not of pgoutput";
            refuse(ErrorCode.SLOT_OTHER_PLUGIN, named + kind, "Choose another --slot.");
            return;
        }
        if (!server.database().equals(slot.database())) {
            refuse(
                    ErrorCode.SLOT_OTHER_DATABASE,
                    named + " belongs to database \"" + slot.database() + "\", not to \"" + server.database() + "\"",
                    "Connect to that database or choose another --slot.");
        }
        if (slot.walStatus().equals("lost") || slot.invalidationReason() != null) {
            String reason = slot.invalidationReason() == null ? "its WAL was removed" : slot.invalidationReason();
            refuse(
                    ErrorCode.SLOT_INVALIDATED,
                    named + " was invalidated by the server (" + reason + "), changes after LSN "
                            + Lsn.toString(slot.confirmedFlushLsn()) + " are lost to it",
                    "To go on without them, drop it, then start with --create-slot --accept-gap.");
        }
        if (slot.activePid() != null) {
            refuse(
                    ErrorCode.SLOT_IN_USE,
                    named + " is in use by process " + slot.activePid(),
                    "Stop that consumer or choose another --slot.");
        }
    }

    private void refuse(ErrorCode code, String happened, String remedy) {
        findings.add(Finding.fatal(code, happened, where, remedy));
    }
}
