package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.Change;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import org.jspecify.annotations.Nullable;

/** A mutable position that is compared with changes. Allocates nothing per change. For one thread. */
final class MovingPosition {

    private boolean set;
    private int epoch;
    private long commitLsn;
    private long ordinal;

    void to(@Nullable Position position) {
        set = position != null;
        if (position != null) {
            epoch = position.epoch();
            commitLsn = position.commitLsn();
            ordinal = position.ordinal();
        }
    }

    MovingPosition copy() {
        MovingPosition copy = new MovingPosition();
        copy.to(this);
        return copy;
    }

    void to(MovingPosition other) {
        set = other.set;
        epoch = other.epoch;
        commitLsn = other.commitLsn;
        ordinal = other.ordinal;
    }

    void to(Change change) {
        set = true;
        epoch = change.epoch();
        commitLsn = change.commitLsn();
        ordinal = change.ordinal();
    }

    @Nullable
    Position position() {
        return set ? new Position(epoch, commitLsn, ordinal) : null;
    }

    /** Returns true if this position and the other are in the same transaction of the source. */
    boolean isInTransactionOf(Position other) {
        return set && other.isTogetherWith(epoch, commitLsn, ordinal);
    }

    /** Returns true if this position is set, and the change is at another LSN: in another transaction of the source. */
    boolean isApartFrom(Change change) {
        return set && (change.epoch() != epoch || change.commitLsn() != commitLsn);
    }

    /** Returns true if the change is at this position or before it. */
    boolean covers(Change change) {
        if (!set) {
            return false;
        }
        if (change.epoch() != epoch) {
            return change.epoch() < epoch;
        }
        int byLsn = Lsn.compare(change.commitLsn(), commitLsn);
        return byLsn != 0 ? byLsn < 0 : change.ordinal() <= ordinal;
    }
}
