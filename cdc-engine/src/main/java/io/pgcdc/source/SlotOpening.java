package io.pgcdc.source;

import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.ServerFacts;
import io.pgcdc.catalog.ServerLimits;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.wire.NewSlot;
import org.jspecify.annotations.Nullable;

/**
 * Compares the slot with the queue, so that no gap between them is missed. Creates publications and slot on request, through a
 * {@link SlotMaker}. Asks nobody.
 */
public final class SlotOpening {

    private final SourceConfig source;
    private final String where;

    /**
     * For one server.
     *
     * @param where host, port, database and user, for messages
     */
    public SlotOpening(SourceConfig source, String where) {
        this.source = source;
        this.where = where;
    }

    /**
     * Returns if no change is missing between queue and slot. Changes nothing.
     *
     * @param slot null: there is none
     * @param resumeLsn end of the queue
     * @throws SourceException SLOT_GONE, POSITION_GAP
     */
    public void check(@Nullable SlotState slot, long resumeLsn) {
        if (slot == null) {
            throw new SourceException(
                    ErrorCode.SLOT_GONE,
                    "slot \"" + source.slot() + "\" does not exist, and the queue ends at LSN "
                            + Lsn.toString(resumeLsn) + ": changes after it are lost; " + where
                            + ". If another server is the primary after a failover, connect to it. To continue without them, start with --create-slot"
                            + " --accept-gap.");
        }
        if (Lsn.compare(slot.confirmedFlushLsn(), resumeLsn) > 0) {
            throw new SourceException(
                    ErrorCode.POSITION_GAP,
                    "the queue ends at LSN " + Lsn.toString(resumeLsn) + " and slot \"" + slot.name()
                            + "\" stands at " + Lsn.toString(slot.confirmedFlushLsn())
                            + ": changes in between are lost, because the slot was recreated or another consumer moved it; "
                            + where
                            + ". To continue from the slot, without them, start with --accept-gap.");
        }
    }

    /**
     * Returns where the slot stands. Creates the slot, and publications, if they are missing.
     *
     * @param export true if a slot that is created exports a snapshot
     */
    public NewSlot open(Preflight.Findings findings, SlotMaker maker, boolean export) {
        SlotState slot = findings.slot();
        if (slot == null) {
            // the checks passed without a slot, because the queue's first start was interrupted
            Preflight.requireSlotMayBeCreated(source.slot(), source.createSlot(), where);
            requireFailoverSlots(findings.server());
            maker.requireFreeSlot();
            // each is committed before the slot is created: a slot does not see a newer publication
            for (String publication : findings.missingPublications()) {
                maker.createPublication(publication, source.publicationTables());
            }
            return maker.createSlot(source.slot(), source.failoverSlot(), export);
        }
        return new NewSlot(slot.confirmedFlushLsn(), null);
    }

    private void requireFailoverSlots(ServerFacts server) {
        if (source.failoverSlot() && server.majorVersion() < ServerLimits.FAILOVER_SLOTS_SINCE) {
            throw new SourceException(
                    ErrorCode.SERVER_TOO_OLD,
                    "PostgreSQL " + server.version() + " has no failover slots, version "
                            + ServerLimits.FAILOVER_SLOTS_SINCE + " has them; " + where
                            + ". Remove failover_slot, or upgrade the server.");
        }
    }
}
