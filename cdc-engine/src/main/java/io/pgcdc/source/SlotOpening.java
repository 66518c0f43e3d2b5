package io.pgcdc.source;

import io.pgcdc.catalog.Preflight;
import io.pgcdc.catalog.ServerFacts;
import io.pgcdc.catalog.SlotState;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Compares the slot with the queue, so that no gap between them goes unnoticed; creates publications and slot when told to. Asks nobody: facts in,
 * and what is to be made goes to a {@link SlotMaker}.
 */
public final class SlotOpening {

    private static final int FAILOVER_SLOTS_SINCE = 17;

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
     * Passes if nothing is missing between the queue and the slot. Changes nothing.
     *
     * @param slot null: there is none
     * @param resumeLsn where the queue ends
     * @throws SourceException SLOT_GONE, POSITION_GAP
     */
    public void check(@Nullable SlotState slot, long resumeLsn) {
        if (slot == null) {
            throw new SourceException(
                    ErrorCode.SLOT_GONE,
                    "slot \"" + source.slot() + "\" is gone, and the queue ends at LSN "
                            + Lsn.toString(resumeLsn) + ": changes after it are lost; " + where
                            + ". If another server has taken over, connect to that one. To go on without them, start with --create-slot"
                            + " --accept-gap.");
        }
        if (Lsn.compare(slot.confirmedFlushLsn(), resumeLsn) > 0) {
            throw new SourceException(
                    ErrorCode.POSITION_GAP,
                    "the queue ends at LSN " + Lsn.toString(resumeLsn) + " and slot \"" + slot.name()
                            + "\" stands at " + Lsn.toString(slot.confirmedFlushLsn())
                            + ": changes in between are lost, for the slot was recreated or another consumer moved it; "
                            + where
                            + ". To go on from the slot, without them, start with --accept-gap.");
        }
    }

    /** Returns where the slot stands; creates it, and publications, when they are missing. */
    public long open(Preflight.Findings findings, SlotMaker maker) {
        SlotState slot = findings.slot();
        if (slot == null) {
            // a queue whose first start was cut short let the checks pass without it
            Preflight.requireLeaveToCreateSlot(source.slot(), source.createSlot(), where);
            requireFailoverSlots(findings.server());
            maker.requireFreeSlot();
            // committed one by one before the slot is made: a slot does not see a publication that is younger than
            // itself
            for (String publication : findings.missingPublications()) {
                maker.createPublication(publication, source.publicationTables());
            }
            return maker.createSlot(source.slot(), source.failoverSlot());
        }
        return slot.confirmedFlushLsn();
    }

    private void requireFailoverSlots(ServerFacts server) {
        if (source.failoverSlot() && server.majorVersion() < FAILOVER_SLOTS_SINCE) {
            throw new SourceException(
                    ErrorCode.SERVER_TOO_OLD,
                    "PostgreSQL " + server.version() + " has no failover slots, version " + FAILOVER_SLOTS_SINCE
                            + " has; " + where + ". Leave failover_slot out, or upgrade the server.");
        }
    }
}
