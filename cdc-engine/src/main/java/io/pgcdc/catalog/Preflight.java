package io.pgcdc.catalog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before anything is changed, that capture can work: each way in which it cannot has an error of its own. Changes nothing on
 * the server.
 */
public final class Preflight {

    private static final int OLDEST_VERSION = 14;
    private static final String PLUGIN = "pgoutput";

    private final CatalogConnection catalog;
    private final String slotName;
    private final List<String> publications;

    public Preflight(CatalogConnection catalog, String slotName, List<String> publications) {
        this.catalog = catalog;
        this.slotName = slotName;
        this.publications = publications;
    }

    /**
     * What was found.
     *
     * @param slot null when it does not exist and may be created
     * @param missingPublications those that do not exist and may be created
     */
    public record Findings(ServerFacts server, @Nullable SlotState slot, List<String> missingPublications) {}

    /**
     * Looks at everything.
     *
     * @param maySlotBeCreated a missing slot is no error
     * @param mayPublicationsBeCreated a missing publication is no error
     */
    public Findings check(boolean maySlotBeCreated, boolean mayPublicationsBeCreated) {
        ServerFacts server = catalog.ask("reading the server's settings", SourceQueries::serverFacts);
        checkServer(server);
        List<String> missing = catalog.ask(
                "reading publications", connection -> SourceQueries.missingPublications(connection, publications));
        if (!missing.isEmpty() && !mayPublicationsBeCreated) {
            throw new SourceException(
                    ErrorCode.PUBLICATION_MISSING,
                    "publication " + quoted(missing) + " does not exist in " + catalog.where()
                            + ". CREATE PUBLICATION there, or start with --create-publication.");
        }
        SlotState slot = catalog.ask("reading slots", connection -> SourceQueries.slot(connection, slotName))
                .orElse(null);
        if (slot == null) {
            checkSlotCanBeCreated(maySlotBeCreated);
        } else {
            checkSlot(slot, server);
            if (!missing.isEmpty()) {
                throw new SourceException(
                        ErrorCode.PUBLICATION_SLOT_ORDER,
                        "slot \"" + slotName + "\" exists already and publication " + quoted(missing) + " does not, in "
                                + catalog.where()
                                + ". A slot cannot see a publication that is younger than itself: choose another --slot, "
                                + "or drop the slot.");
            }
        }
        return new Findings(server, slot, missing);
    }

    private void checkServer(ServerFacts server) {
        if (server.majorVersion() < OLDEST_VERSION) {
            throw new SourceException(
                    ErrorCode.SERVER_TOO_OLD,
                    "PostgreSQL " + server.version() + " at " + catalog.where()
                            + " is too old: 14 is the first that pgcdc reads. Upgrade the server.");
        }
        if (server.inRecovery()) {
            throw new SourceException(
                    ErrorCode.SOURCE_IN_RECOVERY,
                    "the server at " + catalog.where() + " is a standby. Connect to the primary.");
        }
        if (!server.walLevel().equals("logical")) {
            throw new SourceException(
                    ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                    "wal_level is " + server.walLevel() + " at " + catalog.where()
                            + ". As a superuser: ALTER SYSTEM SET wal_level = logical; then restart the server.");
        }
        if (!server.mayReplicate()) {
            throw new SourceException(
                    ErrorCode.REPLICATION_PRIVILEGE_MISSING,
                    "role \"" + server.role() + "\" may not use replication at " + catalog.where()
                            + ". As a superuser: ALTER ROLE \"" + server.role() + "\" REPLICATION;");
        }
    }

    private void checkSlotCanBeCreated(boolean allowed) {
        if (!allowed) {
            throw new SourceException(
                    ErrorCode.SLOT_MISSING,
                    "slot \"" + slotName + "\" does not exist at " + catalog.where()
                            + ". Start with --create-slot, or check --slot. If it existed before, changes since then are lost "
                            + "to it.");
        }
        if (catalog.ask("counting slots", SourceQueries::freeSlots) <= 0) {
            throw new SourceException(
                    ErrorCode.SLOTS_EXHAUSTED,
                    "no replication slot is free at " + catalog.where()
                            + ". Drop an unused one or raise max_replication_slots.");
        }
    }

    private void checkSlot(SlotState slot, ServerFacts server) {
        String named = "slot \"" + slot.name() + "\" at " + catalog.where();
        if (!PLUGIN.equals(slot.plugin())) {
            String kind = slot.plugin() == null ? "is a physical slot" : "uses output plugin " + slot.plugin();
            throw new SourceException(
                    ErrorCode.SLOT_OTHER_PLUGIN, named + " " + kind + ", not pgoutput. Choose another --slot.");
        }
        if (!server.database().equals(slot.database())) {
            throw new SourceException(
                    ErrorCode.SLOT_OTHER_DATABASE,
                    named + " belongs to database \"" + slot.database() + "\", not \"" + server.database()
                            + "\". Connect to that database or choose another --slot.");
        }
        if (slot.walStatus().equals("lost") || slot.invalidationReason() != null) {
            String reason = slot.invalidationReason() == null ? "its WAL was removed" : slot.invalidationReason();
            throw new SourceException(
                    ErrorCode.SLOT_INVALIDATED,
                    named + " was invalidated by the server (" + reason + "). Changes after LSN "
                            + io.pgcdc.model.Lsn.toString(slot.confirmedFlushLsn())
                            + " are lost to it: drop it, and start anew with another --queue-dir and --create-slot.");
        }
        if (slot.activePid() != null) {
            throw new SourceException(
                    ErrorCode.SLOT_IN_USE,
                    named + " is in use by process " + slot.activePid()
                            + ". Stop that consumer or choose another --slot.");
        }
    }

    private static String quoted(List<String> names) {
        return names.stream().map(n -> "\"" + n + "\"").collect(java.util.stream.Collectors.joining(", "));
    }
}
