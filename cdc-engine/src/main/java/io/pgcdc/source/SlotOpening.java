package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.ServerFacts;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.catalog.SlotUpkeep;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;

/** Compares the slot with the queue, so that no gap between them is missed. Creates publications and slot on request. */
public final class SlotOpening {

    private static final int FAILOVER_SLOTS_SINCE = 17;

    private final CatalogConnection catalog;
    private final SourceConfig source;

    public SlotOpening(CatalogConnection catalog, SourceConfig source) {
        this.catalog = catalog;
        this.source = source;
    }

    /**
     * Returns if no change is missing between queue and slot. Changes nothing.
     *
     * @param resumeLsn end of the queue
     * @throws SourceException SLOT_GONE, POSITION_GAP
     */
    public void check(SourceSession session, long resumeLsn) {
        SlotState slot = session.findings().slot();
        if (slot == null) {
            throw new SourceException(
                    ErrorCode.SLOT_GONE,
                    "slot \"" + source.slot() + "\" does not exist, and the queue ends at LSN "
                            + Lsn.toString(resumeLsn) + ": changes after it are lost; " + catalog.where()
                            + ". If another server is the primary after a failover, connect to it. To continue without them,"
                            + " start with --create-slot --accept-gap.");
        }
        if (Lsn.compare(slot.confirmedFlushLsn(), resumeLsn) > 0) {
            throw new SourceException(
                    ErrorCode.POSITION_GAP,
                    "the queue ends at LSN " + Lsn.toString(resumeLsn) + " and slot \"" + slot.name()
                            + "\" stands at " + Lsn.toString(slot.confirmedFlushLsn())
                            + ": changes in between are lost, because the slot was recreated or another consumer moved it; "
                            + catalog.where()
                            + ". To continue from the slot, without them, start with --accept-gap.");
        }
    }

    /** Returns the slot's LSN. Creates the slot, and publications, if they are missing. */
    public long open(SourceSession session) {
        Preflight.Findings findings = session.findings();
        SlotState slot = findings.slot();
        if (slot == null) {
            // the checks passed without a slot, because the queue's first start was interrupted
            new Preflight(catalog, source.slot(), source.publications()).requireSlotMayBeCreated(source.createSlot());
            requireFailoverSlots(findings.server());
            SlotUpkeep upkeep = new SlotUpkeep(catalog);
            upkeep.requireFreeSlot();
            // each is committed before the slot is created: a slot does not see a newer publication
            for (String publication : findings.missingPublications()) {
                upkeep.createPublication(publication, source.publicationTables());
            }
            return session.connection().createSlot(source.slot(), source.failoverSlot());
        }
        return slot.confirmedFlushLsn();
    }

    private void requireFailoverSlots(ServerFacts server) {
        if (source.failoverSlot() && server.majorVersion() < FAILOVER_SLOTS_SINCE) {
            throw new SourceException(
                    ErrorCode.SERVER_TOO_OLD,
                    "PostgreSQL " + server.version() + " has no failover slots, version " + FAILOVER_SLOTS_SINCE
                            + " has them; " + catalog.where() + ". Remove failover_slot, or upgrade the server.");
        }
    }
}
