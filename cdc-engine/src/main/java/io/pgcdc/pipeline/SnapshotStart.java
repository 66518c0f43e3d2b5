package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.snapshot.Ledger.Phase;
import io.pgcdc.snapshot.SnapshotMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides if a run begins with the rows that exist. Asks nobody. */
final class SnapshotStart {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStart.class);

    private SnapshotStart() {}

    /**
     * Returns true if the slot is to be created with a snapshot.
     *
     * @param phase of the ledger; null: there is no ledger
     * @param slotExists true if the slot was there before this run
     * @param queueIsNew true if nothing was ever captured into the queue
     * @param slot name of the slot
     * @param where names the server, for messages
     * @throws SourceException SNAPSHOT_UNKNOWN, SNAPSHOT_UNFINISHED: rows would be missing
     */
    static boolean decide(
            SnapshotMode mode, @Nullable Phase phase, boolean slotExists, boolean queueIsNew, String slot, String where) {
        if (mode == SnapshotMode.NEVER) {
            if (phase == Phase.INTENDED || phase == Phase.READING) {
                LOG.warn("the snapshot of slot {} was not finished: its sinks lack rows", slot);
            }
            return false;
        }
        if (phase == Phase.FINISHED) {
            return false;
        }
        if (phase == Phase.READING || (phase == Phase.INTENDED && slotExists)) {
            throw new SourceException(
                    ErrorCode.SNAPSHOT_UNFINISHED,
                    "the snapshot that slot \"" + slot + "\" began with was interrupted, and its rows are not all in the queue; " + where
                            + ". " + beginAnew(slot)
                            + " To continue without the missing rows, start with --snapshot never.");
        }
        if (slotExists || !queueIsNew) {
            String found = queueIsNew
                    ? "slot \"" + slot + "\" exists, but its queue does not: nobody can tell if a snapshot was finished"
                    : "the queue of slot \"" + slot + "\" began without a snapshot";
            throw new SourceException(
                    ErrorCode.SNAPSHOT_UNKNOWN,
                    found + "; " + where + ". To continue with the changes alone, start with --snapshot never. "
                            + beginAnew(slot));
        }
        return true;
    }

    private static String beginAnew(String slot) {
        return "To begin anew: SELECT pg_drop_replication_slot('" + slot
                + "'), remove the queue directory, empty the targets, and start with --create-slot.";
    }
}
