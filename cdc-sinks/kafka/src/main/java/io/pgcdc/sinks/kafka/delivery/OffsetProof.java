package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset.Last;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an offset belongs to this slot. The proof is either the change that the offset names, if the slot's stream has it, or
 * the slot's position, if it is after the offset. An offset does not name its server. If the sink trusted an offset of another
 * server, changes that were never sent would count as sent.
 */
final class OffsetProof {

    /** The result of comparing an offset with a slot. */
    enum Verdict {
        /** The stream has the change that the offset names: accepted. */
        SEEN(true),
        /** The slot has passed everything that the offset names: accepted. No change that the slot still has counts as sent. */
        PASSED(true),
        /** The offset names an LSN that the server has not written yet. */
        BEYOND_WAL(false),
        /** The slot has not passed the offset, but the stream lacks the change that the offset names. */
        NOT_SEEN(false),
        /** The offset is of a snapshot that the slot has not passed. It is not known which changes the snapshot contains. */
        SNAPSHOT_AHEAD(false),
        /** The offset names a transaction, and a last commit that is neither that transaction's nor the one before. */
        CONTRADICTORY(false);

        private final boolean accepted;

        Verdict(boolean accepted) {
            this.accepted = accepted;
        }

        boolean accepted() {
            return accepted;
        }
    }

    private OffsetProof() {}

    /**
     * Returns the result of comparing the offset with the slot.
     *
     * @param namedCommitLsn commit LSN of the transaction that the offset names; null if the slot's stream does not have it
     * @param sentCommitLsn commit LSN of the last change in the stream that counts as sent; null if none does
     */
    static Verdict judge(
            DebeziumOffset offset, SlotFacts slot, @Nullable Long namedCommitLsn, @Nullable Long sentCommitLsn) {
        if (Lsn.compare(offset.furthestLsn(), slot.walEndLsn()) > 0) {
            return Verdict.BEYOND_WAL;
        }
        if (namedCommitLsn == null) {
            boolean passed = sentCommitLsn == null && Lsn.compare(offset.furthestLsn(), slot.confirmedFlushLsn()) <= 0;
            Verdict refused = offset.last() == Last.SNAPSHOT ? Verdict.SNAPSHOT_AHEAD : Verdict.NOT_SEEN;
            return passed ? Verdict.PASSED : refused;
        }
        boolean commitAfter = offset.commitEndLsn() != null && Lsn.compare(offset.commitEndLsn(), namedCommitLsn) > 0;
        boolean countsLater = sentCommitLsn != null && Lsn.compare(sentCommitLsn, namedCommitLsn) > 0;
        return commitAfter != (offset.last() == Last.COMMIT) || countsLater ? Verdict.CONTRADICTORY : Verdict.SEEN;
    }

    /**
     * Checks the offset against the slot.
     *
     * @throws SinkException TAKEOVER_REFUSED unless the offset is accepted
     */
    static void require(PlaceFinder place, SlotFacts slot) {
        DebeziumOffset offset = place.offset();
        Position sent = place.sent();
        Verdict verdict = judge(offset, slot, place.namedCommitLsn(), sent == null ? null : sent.commitLsn());
        if (!verdict.accepted()) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "the offset names " + describe(offset) + ", but " + why(verdict, slot)
                            + " Nothing was written, and the slot is unchanged. To ignore the offset, start with cdc run: it"
                            + " begins at the slot's LSN, and repeats changes that the connector sent since then.");
        }
    }

    private static String why(Verdict verdict, SlotFacts slot) {
        return switch (verdict) {
            case BEYOND_WAL ->
                "the server's WAL ends at " + Lsn.toString(slot.walEndLsn())
                        + ": the offset is from another server, or from this one before it was restored. Check source.url, and"
                        + " the origin of the offset.";
            case SNAPSHOT_AHEAD ->
                stands(slot) + ": it is not known if the snapshot contains the changes in between."
                        + " Start the connector until it has sent one more change, stop it, and adopt again.";
            case CONTRADICTORY ->
                "its last commit is neither that transaction's nor the one before: no connector writes both. Give the whole offset,"
                        + " as the connector wrote it.";
            default ->
                stands(slot)
                        + " and its stream does not contain that: the offset is from another server, slot or publication, or is"
                        + " not the connector's last. Check source.url, slot and publications. If they are the connector's,"
                        + " start it until it has sent one more change, stop it, and adopt again.";
        };
    }

    private static String stands(SlotFacts slot) {
        return "slot \"" + slot.name() + "\" is before it, at " + Lsn.toString(slot.confirmedFlushLsn());
    }

    private static String describe(DebeziumOffset offset) {
        String what = switch (offset.last()) {
            case SNAPSHOT -> "a snapshot";
            case BEGIN -> "the begin";
            case COMMIT -> "the end";
            case CHANGE -> offset.kind() == null ? "a change" : offset.kind().toString();
        };
        Integer xid = offset.xid();
        return what + (xid == null ? "" : " of transaction " + Integer.toUnsignedString(xid)) + " at LSN "
                + Lsn.toString(offset.last() == Last.COMMIT ? offset.furthestLsn() : offset.lsn());
    }
}
