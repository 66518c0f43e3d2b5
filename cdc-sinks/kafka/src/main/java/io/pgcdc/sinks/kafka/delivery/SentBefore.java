package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** Changes that come again although their records were sent: they are skipped. For one thread. */
final class SentBefore {

    /** True if the sink keeps its position: what it was given is skipped if it comes again after a rewind. */
    private final boolean remembers;

    /** The last such change; null if there is none. */
    private @Nullable Position last;

    /** The last change in the cluster that ends its transaction. */
    private @Nullable Position whole;

    /** The last change of the batch whose records were sent. */
    private @Nullable Position ofBatch;

    private boolean torn;

    SentBefore(boolean remembers) {
        this.remembers = remembers;
    }

    /** @param found the cluster's position at the start; null if there is none */
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

    /** No object a change. */
    private static int compare(Change change, Position to) {
        int byEpoch = Integer.compare(change.epoch(), to.epoch());
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byLsn = Lsn.compare(change.commitLsn(), to.commitLsn());
        return byLsn != 0 ? byLsn : Long.compare(change.ordinal(), to.ordinal());
    }

    /** Returns whether the change's whole transaction was sent. Only for a change that {@link #has}. */
    boolean hasTransaction(Change change) {
        Position until = last;
        return until != null
                && (until.equals(whole) || change.commitLsn() != until.commitLsn() || change.epoch() != until.epoch());
    }

    void add(Change change) {
        ofBatch = change.position(); // not a record's position, which may be the end of the transaction before
    }

    /** Handles a batch that stopped at a refused change: it repeats without that change, and continues after its sent records. */
    void tear() {
        if (ofBatch != null) {
            last = ofBatch;
        }
    }

    /**
     * All of the batch is sent, or was before.
     *
     * @param atCommit its last change ends a transaction
     */
    void endOfBatch(Position end, boolean atCommit) {
        torn = false;
        // not sooner than here: a batch that was torn comes again with what was sent before
        Position until = last;
        if (remembers && (until == null || end.compareTo(until) > 0)) {
            last = end;
            whole = atCommit ? end : whole;
        } else if (!remembers && until != null && end.compareTo(until) > 0) {
            last = null;
        }
    }

    /** Returns whether a batch has started but not ended, or stopped inside. */
    boolean isTorn() {
        return torn;
    }
}
