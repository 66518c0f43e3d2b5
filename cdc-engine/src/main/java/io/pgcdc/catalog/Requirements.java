package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Finding;
import io.pgcdc.error.Remedy;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SourceErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What capture requires of server, publications and slot. Takes facts and returns findings. It asks no server, so tests cover each
 * unfit state without one. For one thread.
 */
final class Requirements {

    private static final int OLDEST_VERSION = 14;

    /** From 19 on, servers enable logical decoding when the first slot is created, at any wal_level but minimal. */
    private static final int WAL_LEVEL_DECIDES_UNTIL = 18;

    private static final int LONGEST_SLOT_NAME = 63;

    private static final int TABLES_SHOWN = 3;
    private static final String PLUGIN = "pgoutput";

    private final String where;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Creates the requirements of one source.
     *
     * @param where host, port, database and user, for messages
     */
    Requirements(String where) {
        this.where = where;
    }

    /** Returns the findings, each cause before its effects. */
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Adds findings of the server. Returns false if the server is too old for further questions. */
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
     * Returns the error of a refused replication connection.
     *
     * @param said the server's error
     */
    SourceException replicationRefused(Login login, SQLException said) {
        return new SourceException(
                Finding.fatal(
                        ErrorCode.REPLICATION_PRIVILEGE_MISSING,
                        "role \"" + login.role() + "\" may not use replication: " + ServerWords.said(said),
                        where,
                        login.grantReplication()),
                said);
    }

    /**
     * Adds findings of publications and slot. A slot never sees a publication that is newer than the slot.
     *
     * @param missing publications that do not exist
     * @param slot null if it does not exist
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
                    absent + ", and existing slot \"" + slotName + "\" would not see one that is created now",
                    Remedy.config(
                            "Check --publication; to create it, also choose another --slot and --queue-dir, or drop the slot.",
                            anotherSlot(slotName)));
        } else if (!mayBeCreated) {
            refuse(
                    ErrorCode.PUBLICATION_MISSING,
                    absent,
                    Remedy.config(
                            "Check --publication; or run CREATE PUBLICATION there, or start with --create-publication.",
                            "source.create_publication: true"));
        }
    }

    /** @param tables tables of which two of the publications publish different columns */
    void columns(List<String> tables, List<String> publications) {
        if (tables.isEmpty()) {
            return;
        }
        String shown = String.join(", ", tables.subList(0, Math.min(tables.size(), TABLES_SHOWN)));
        String more = tables.size() > TABLES_SHOWN ? " and " + (tables.size() - TABLES_SHOWN) + " more" : "";
        refuse(
                ErrorCode.COLUMN_LISTS_DIFFER,
                "publications " + String.join(", ", publications) + " publish different columns of " + shown + more
                        + ", and the server fails to send a change of such a table to one slot",
                "Give them the same columns with ALTER PUBLICATION ... SET TABLE, or read each with its own slot. Changes"
                        + " that were made before still fail: see docs/how-to/standstill.md.");
    }

    void missingSlot(String slotName, boolean mayBeCreated) {
        if (!mayBeCreated) {
            refuse(
                    ErrorCode.SLOT_MISSING,
                    "slot \"" + slotName + "\" does not exist",
                    Remedy.config(
                            "Check --slot, or start with --create-slot. If it was dropped, the changes since then are not sent again.",
                            "source.create_slot: true"));
        }
    }

    void slot(SlotState slot, ServerFacts server) {
        String named = "slot \"" + slot.name() + "\"";
        if (!PLUGIN.equals(slot.plugin())) {
            String kind = slot.plugin() == null
                    ? " is physical, not one of pgoutput"
                    : " uses output plugin " + slot.plugin() + ", not pgoutput";
            refuse(
                    ErrorCode.SLOT_OTHER_PLUGIN,
                    named + kind,
                    Remedy.config("Choose another --slot.", anotherSlot(slot.name())));
            return;
        }
        if (!server.database().equals(slot.database())) {
            refuse(
                    ErrorCode.SLOT_OTHER_DATABASE,
                    named + " belongs to database \"" + slot.database() + "\", not to \"" + server.database() + "\"",
                    Remedy.config("Connect to that database or choose another --slot.", anotherSlot(slot.name())));
        }
        if (slot.walStatus().equals("lost") || slot.invalidationReason() != null) {
            String reason = slot.invalidationReason() == null ? "its WAL was removed" : slot.invalidationReason();
            refuse(
                    ErrorCode.SLOT_INVALIDATED,
                    named + " was invalidated by the server (" + reason + "), changes after LSN "
                            + Lsn.toString(slot.confirmedFlushLsn()) + " are lost",
                    Remedy.sql(
                            "To continue without them, start with --create-slot --accept-gap, after",
                            "SELECT pg_drop_replication_slot(" + Quoted.literal(slot.name()) + ");"));
        }
        if (slot.activePid() != null) {
            refuse(
                    ErrorCode.SLOT_IN_USE,
                    named + " is in use by process " + slot.activePid(),
                    Remedy.sql(
                            "Stop that consumer or choose another --slot. To end its connection",
                            "SELECT pg_terminate_backend(" + slot.activePid() + ");"));
        }
    }

    private static String anotherSlot(String slotName) {
        return "source.slot: " + slotName.substring(0, Math.min(slotName.length(), LONGEST_SLOT_NAME - 2)) + "_2";
    }

    private void refuse(ErrorCode code, String happened, String remedy) {
        refuse(code, happened, Remedy.words(remedy));
    }

    private void refuse(ErrorCode code, String happened, Remedy remedy) {
        findings.add(Finding.fatal(code, happened, where, remedy));
    }
}
