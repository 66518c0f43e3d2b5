package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset.Last;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether an offset is of this slot: from its stream, where the change that the offset names was seen, or from where it stands. An
 * offset carries no name of a server; taken on trust, one of another server would count changes as sent that nobody has sent.
 */
final class OffsetProof {

    /** What a slot says of an offset. */
    enum Verdict {
        /** The change that it names was seen: accepted. */
        SEEN(true),
        /** The slot has passed all that it names, so that nothing counts as sent that the slot still has: accepted. */
        PASSED(true),
        /** It names what the server has not written yet. */
        BEYOND_WAL(false),
        /** The slot has not passed it, and its stream does not have what it names. */
        NOT_SEEN(false),
        /** A snapshot that the slot has not passed: which changes it holds is not known. */
        SNAPSHOT_AHEAD(false),
        /** It names a transaction, and a last commit that cannot be that transaction's, or the one before. */
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
     * The judgement.
     *
     * @param namedCommitLsn commit of the transaction that it names, as seen in the slot's stream; null: it was not seen
     * @param sentCommitLsn commit of the last transaction in the stream that counts as sent; null: none does
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

    /** @throws SinkException TAKEOVER_REFUSED unless the offset is accepted */
    static void require(PlaceFinder place, SlotFacts slot) {
        DebeziumOffset offset = place.offset();
        Position sent = place.sent();
        Verdict verdict = judge(offset, slot, place.namedCommitLsn(), sent == null ? null : sent.commitLsn());
        if (!verdict.accepted()) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "the offset names " + describe(offset) + ", and " + why(verdict, slot)
                            + " Nothing was written, and the slot stays. To do without the offset, start with cdc run: it begins"
                            + " where the slot stands, and what the connector sent since comes again.");
        }
    }

    private static String why(Verdict verdict, SlotFacts slot) {
        return switch (verdict) {
            case BEYOND_WAL ->
                "the server's WAL ends at " + Lsn.toString(slot.walEndLsn())
                        + ": it is an offset of another server, or of this one before it was restored."
                        + " Check source.url, and where the offset comes from.";
            case SNAPSHOT_AHEAD ->
                stands(slot) + ": whether the snapshot has what changed in between is not known."
                        + " Start the connector until it has sent one more change, stop it, and adopt again.";
            case CONTRADICTORY ->
                "a last commit that is not the one before that, or its own: no connector writes both."
                        + " Give the whole offset, as the connector wrote it.";
            default ->
                stands(slot)
                        + " and its stream does not have that: it is an offset of another server, slot or publication,"
                        + " or not the connector's last. Check source.url, slot and publications. If they are the connector's, start it"
                        + " until it has sent one more change, stop it, and adopt again.";
        };
    }

    private static String stands(SlotFacts slot) {
        return "slot \"" + slot.name() + "\" stands before it, at " + Lsn.toString(slot.confirmedFlushLsn());
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
