package io.pgcdc.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of one snapshot at one moment. Immutable.
 *
 * @param id the pipeline's first one is {@code initial}
 * @param tables that were asked for; empty: all
 * @param sinks that get its rows; empty: all
 * @param where the condition that rows meet; null: none
 * @param trouble the error that ended it; null: none
 */
public record SnapshotStatus(
        String id,
        State state,
        List<String> tables,
        List<String> sinks,
        @Nullable String where,
        SnapshotProgress progress,
        @Nullable Throwable trouble) {

    public SnapshotStatus {
        tables = List.copyOf(tables);
        sinks = List.copyOf(sinks);
    }

    /** What happens to a snapshot. */
    public enum State {
        /** Another one is read first. */
        WAITING,
        READING,
        PAUSED,
        /** All its rows are durable in the queue. */
        FINISHED,
        CANCELLED,
        /** It ended with an error. The next start of the pipeline begins it again. */
        FAILED
    }

    static SnapshotStatus of(SnapshotOrder order, State state, SnapshotProgress progress, @Nullable Throwable trouble) {
        return new SnapshotStatus(
                order.id(), state, order.tables(), List.copyOf(order.sinks()), order.where(), progress, trouble);
    }

    /** Returns true if nothing more happens to it in this run. */
    public boolean isOver() {
        return state == State.FINISHED || state == State.CANCELLED || state == State.FAILED;
    }
}
