package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** Changes that come, and whose records are sent already: they are passed over. One thread. */
final class SentBefore {

    /** Whether the sink keeps its position: what it was given is passed over if it comes again, after a rewind. */
    private final boolean remembers;

    /** The last one; null: there are none. */
    private @Nullable Position last;

    /** The last that the cluster has and that ends its transaction. */
    private @Nullable Position whole;

    /** The last change of the batch that had records sent. */
    private @Nullable Position ofBatch;

    private boolean torn;

    SentBefore(boolean remembers) {
        this.remembers = remembers;
    }

    /** @param found what the cluster has at the beginning; null: nothing */
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

    /** Whether all of the change's transaction is sent, and not only what comes up to here; of one that {@link #has}. */
    boolean hasTransaction(Change change) {
        Position until = last;
        return until != null
                && (until.equals(whole) || change.commitLsn() != until.commitLsn() || change.epoch() != until.epoch());
    }

    void add(Change change) {
        ofBatch = change.position(); // not a record's: that may be the end of the transaction before
    }

    /** The batch was given up at a change that is refused: it comes again without that one, and goes on behind what was sent of it. */
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

    /** Within a batch, or given up in it. */
    boolean isTorn() {
        return torn;
    }
}
