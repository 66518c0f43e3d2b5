package io.pgcdc.delivery;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.ReplayState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Selects the changes of a replay. One delivery thread. */
final class ReplayFilter {

    private final Position until;
    private final boolean reconciles;
    private final List<TablePattern> tables;

    /**
     * @param complete true if the sink has no later change. Otherwise the changes that reconcile a table are left out: their other half may come
     *     later
     */
    ReplayFilter(Position until, boolean complete, List<TablePattern> tables) {
        this.until = until;
        this.reconciles = complete;
        this.tables = List.copyOf(tables);
    }

    static ReplayFilter of(ReplayState replay) {
        return new ReplayFilter(
                replay.until(),
                replay.complete(),
                replay.tables().stream().map(TablePattern::parse).toList());
    }

    /** Returns true if the replay brings the change. Allocates nothing. */
    boolean takes(Change change) {
        return !isAfter(change.epoch(), change.commitLsn(), change.ordinal())
                && (reconciles || change.kind() != ChangeKind.RECONCILE)
                && takes(change.relation());
    }

    private boolean takes(@Nullable Relation relation) {
        if (tables.isEmpty()) {
            return true;
        }
        if (relation == null) {
            return false;
        }
        for (TablePattern table : tables) {
            if (table.matches(relation.schema(), relation.name())) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if the place is after the end of the replay. */
    boolean isAfter(int epoch, long commitLsn, long ordinal) {
        int byEpoch = Integer.compare(epoch, until.epoch());
        int byLsn = byEpoch != 0 ? byEpoch : Lsn.compare(commitLsn, until.commitLsn());
        return byLsn != 0 ? byLsn > 0 : ordinal > until.ordinal();
    }
}
