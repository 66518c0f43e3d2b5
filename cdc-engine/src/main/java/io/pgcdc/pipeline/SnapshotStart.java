package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.snapshot.Ledger.Phase;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides if, and how, a run reads the rows that exist. Asks nobody. */
final class SnapshotStart {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStart.class);

    private SnapshotStart() {}

    /** How rows are read. */
    enum Way {
        /** They are not. */
        NONE,
        /** Before the stream, from the snapshot that a new slot exports. */
        EXPORTED,
        /** While changes are streamed. */
        STREAMED
    }

    /**
     * Decides.
     *
     * @param phase of the ledger; null: there is no ledger
     * @param slotExists true if the slot was there before this run
     * @param queueIsNew true if nothing was ever captured into the queue
     * @param slot name of the slot
     * @param where names the server, for messages
     * @throws SourceException SNAPSHOT_UNKNOWN: nobody can tell if rows would be missing
     */
    static Way decide(
            SnapshotConfig config,
            @Nullable Phase phase,
            boolean slotExists,
            boolean queueIsNew,
            String slot,
            String where) {
        boolean unfinished = phase == Phase.INTENDED || phase == Phase.READING;
        if (config.mode() == SnapshotMode.NEVER) {
            if (unfinished) {
                LOG.warn(
                        "the snapshot of slot {} was not finished: the sinks lack rows. --snapshot initial reads them",
                        slot);
            }
            return Way.NONE;
        }
        if (phase == Phase.FINISHED) {
            return Way.NONE;
        }
        if (!slotExists && (queueIsNew || phase == Phase.INTENDED)) {
            return Way.EXPORTED;
        }
        if (!unfinished && queueIsNew && !config.askedNow()) {
            throw new SourceException(
                    ErrorCode.SNAPSHOT_UNKNOWN,
                    "slot \"" + slot + "\" exists, but its queue does not: nobody can tell if a snapshot was finished; "
                            + where
                            + ". To read all rows while changes are streamed, start with --snapshot initial. To deliver only"
                            + " changes, start with --snapshot never.");
        }
        return Way.STREAMED;
    }
}
