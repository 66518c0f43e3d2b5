package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a run begins: what a host, the queue and the sinks say together. Decided before anything is changed. */
sealed interface Start {

    /** Errors that a person may overrule with --accept-gap: something is missing for good, and the error names it. */
    Set<ErrorCode> GAPS =
            Set.of(ErrorCode.SLOT_GONE, ErrorCode.POSITION_GAP, ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    /** The gaps after which an LSN no longer means what it meant. */
    Set<ErrorCode> FORKS = Set.of(ErrorCode.TIMELINE_FORKED, ErrorCode.SERVER_BEHIND);

    /** A new queue, and no sink has anything of this slot. */
    record First() implements Start {}

    /**
     * A new queue in place of one that is lost: sinks have changes of this slot.
     *
     * @param epoch the latest that a sink knows
     */
    record Rebuilt(int epoch) implements Start {}

    /** A queue that goes on where it ends. */
    record Resumed() implements Start {}

    /**
     * Changes are missing, and a person accepted it. The stream goes on where the slot stands.
     *
     * @param gap the error that names what is missing
     * @param before how the run would begin without the gap
     */
    record GapAccepted(SourceException gap, Start before) implements Start {

        /** Returns true if the server's LSNs are those of another history: a new epoch begins. */
        boolean forked() {
            return FORKS.contains(gap.code());
        }
    }

    /**
     * Decides how a run begins.
     *
     * @param queueIsNew nothing was ever captured into the queue
     * @param sinksEpoch the latest epoch that a sink knows; null: no sink has anything, or none was asked
     * @param refusal what the checks say is missing; null: nothing
     * @param acceptGap a person accepts a gap
     * @throws SourceException the refusal, unless it is accepted
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

    /** Returns the epoch that a new queue begins in. */
    default int firstEpoch() {
        if (this instanceof GapAccepted accepted) {
            return accepted.before().firstEpoch();
        }
        return this instanceof Rebuilt rebuilt ? rebuilt.epoch() : 0;
    }

    /**
     * Writes down where the stream goes on.
     *
     * @param slotLsn where the slot stands
     * @param timeline the server's
     */
    default void apply(OpenQueue queue, long slotLsn, int timeline) {
        queue.startFrom(slotLsn, firstEpoch());
        if (this instanceof GapAccepted accepted) {
            queue.acceptGap(accepted.gap(), accepted.forked(), timeline, slotLsn);
        }
    }
}
