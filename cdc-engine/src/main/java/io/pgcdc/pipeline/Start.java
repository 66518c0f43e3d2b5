package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a run begins, by the states of a host, the queue and the sinks. Decided before anything is changed. */
sealed interface Start {

    /** Errors that a person may overrule with --accept-gap: changes are lost, and the error names the missing range. */
    Set<ErrorCode> GAPS =
            Set.of(ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP, ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    /** Gaps after which the server's LSNs belong to another history. */
    Set<ErrorCode> FORKS = Set.of(ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    /** The queue is new, and no sink has changes of this slot. */
    record First() implements Start {}

    /**
     * The queue is new and replaces a lost one: sinks have changes of this slot.
     *
     * @param epoch the latest epoch in the sinks' positions
     */
    record Rebuilt(int epoch) implements Start {}

    /** The queue continues at its end. */
    record Resumed() implements Start {}

    /**
     * Changes are missing, and a person accepted the gap. The stream continues at the slot's position.
     *
     * @param gap the error that names the missing range
     * @param before how the run would begin without the gap
     */
    record GapAccepted(SourceException gap, Start before) implements Start {

        /** Returns true if the server's LSNs belong to another history: a new epoch begins. */
        boolean forked() {
            return FORKS.contains(gap.code());
        }
    }

    /**
     * Decides how a run begins.
     *
     * @param queueIsNew true if nothing was ever captured into the queue
     * @param sinksEpoch the latest epoch in the sinks' positions; null: no sink has a position, or none was asked
     * @param refusal the error of the checks; null: they passed
     * @param acceptGap true if a person accepts a gap
     * @throws SourceException the refusal, unless the gap is accepted
     */
    static Start decide(
            boolean queueIsNew, @Nullable Integer sinksEpoch, @Nullable SourceException refusal, boolean acceptGap) {
        Start without = new Resumed();
        if (queueIsNew) {
            without = sinksEpoch == null ? new First() : new Rebuilt(sinksEpoch);
        }
        if (refusal == null) {
            return without;
        }
        if (!acceptGap || !GAPS.contains(refusal.code())) {
            throw refusal;
        }
        return new GapAccepted(refusal, without);
    }

    /** Returns the first epoch of a new queue. */
    default int firstEpoch() {
        if (this instanceof GapAccepted accepted) {
            return accepted.before().firstEpoch();
        }
        return this instanceof Rebuilt rebuilt ? rebuilt.epoch() : 0;
    }

    /**
     * Records in the queue where the stream continues.
     *
     * @param slotLsn the slot's position
     * @param timeline of the server
     */
    default void apply(OpenQueue queue, long slotLsn, int timeline) {
        queue.startFrom(slotLsn, firstEpoch());
        if (this instanceof GapAccepted accepted) {
            queue.acceptGap(accepted.gap(), accepted.forked(), timeline, slotLsn);
        }
    }
}
