package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** Tells which changes come again although their records were sent. The sink skips them. For one thread. */
final class SentBefore {

    /** True if the sink keeps its position in the cluster. If a rewind repeats a change, the sink then skips it. */
    private final boolean remembers;

    /** The last change to skip; null if there is none. */
    private @Nullable Position last;

    /** The last change of the last complete transaction in the cluster; null if there is none. */
    private @Nullable Position whole;

    /** The last change of the current batch whose records were sent; null if there is none. */
    private @Nullable Position ofBatch;

    private boolean torn;

    SentBefore(boolean remembers) {
        this.remembers = remembers;
    }

    /**
     * Starts with a new producer.
     *
     * @param found the cluster's position at the start; null if there is none
     */
    void begin(@Nullable PositionRecord found) {
        forget();
        last = found == null ? null : found.position();
        whole = found == null ? null : found.whole();
    }

    void forget() {
        last = null;
        whole = null;
        ofBatch = null;
        torn = false;
    }

    void startOfBatch() {
        torn = true;
        ofBatch = null;
    }

    boolean has(Change change) {
        Position until = last;
        return until != null && compare(change, until) <= 0;
    }

    /** Compares without a new object per change. */
    private static int compare(Change change, Position to) {
        int byEpoch = Integer.compare(change.epoch(), to.epoch());
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byLsn = Lsn.compare(change.commitLsn(), to.commitLsn());
        return byLsn != 0 ? byLsn : Long.compare(change.ordinal(), to.ordinal());
    }

    /** Returns true if the change's whole transaction was sent. Only for changes for which {@link #has} is true. */
    boolean hasTransaction(Change change) {
        Position until = last;
        return until != null
                && (until.equals(whole) || !until.isTogetherWith(change.epoch(), change.commitLsn(), change.ordinal()));
    }

    void add(Change change) {
        ofBatch = change.position(); // not a record's position, which may be the end of the transaction before
    }

    /** Returns the last change whose records were sent, in the current batch or before; null if there is none. */
    @Nullable
    Position through() {
        Position inBatch = ofBatch;
        Position until = last;
        return inBatch != null && (until == null || inBatch.compareTo(until) > 0) ? inBatch : until;
    }

    /**
     * Handles a batch that stopped at a refused change. The batch repeats without that change. The changes that it had sent are
     * then skipped.
     */
    void tear() {
        if (ofBatch != null) {
            last = ofBatch;
        }
    }

    /**
     * Handles the end of a batch: all its records were sent now or before.
     *
     * @param end the batch's last position
     *
     * @param atCommit true if its last change ends a transaction
     */
    void endOfBatch(Position end, boolean atCommit) {
        torn = false;
        // Only here, not at the start of the batch: a torn batch repeats changes that were sent before.
        Position until = last;
        if (remembers && (until == null || end.compareTo(until) > 0)) {
            last = end;
            whole = atCommit ? end : whole;
        } else if (!remembers && until != null && end.compareTo(until) > 0) {
            last = null;
        }
    }

    /** Returns true if a batch has started but not ended. It may have stopped at a refused change. */
    boolean isTorn() {
        return torn;
    }
}
