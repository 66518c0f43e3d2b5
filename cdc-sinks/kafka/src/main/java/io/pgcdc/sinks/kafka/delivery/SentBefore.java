package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** Changes that come again although their records were sent: they are skipped. For one thread. */
final class SentBefore {

    /** The last such change; null if there is none. */
    private @Nullable Position last;

    /** The last change in the cluster that ends its transaction. */
    private @Nullable Position whole;

    /** The last change of the batch whose records were sent. */
    private @Nullable Position ofBatch;

    private boolean torn;

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
        return until != null && change.position().compareTo(until) <= 0;
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

    void endOfBatch(Position end) {
        torn = false;
        // positions only grow; set only here, because a torn batch repeats changes that were sent before
        Position until = last;
        if (until != null && end.compareTo(until) > 0) {
            last = null;
        }
    }

    /** Returns whether a batch has started but not ended, or stopped inside. */
    boolean isTorn() {
        return torn;
    }
}
