package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset.Last;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether an offset belongs to this slot. The slot's stream proves it, if the change that the offset names was seen there,
 * or the slot's position does. An offset does not name its server. If an offset of another server were trusted, changes would count
 * as sent that were never sent.
 */
final class OffsetProof {

    /** The result of comparing an offset with a slot. */
    enum Verdict {
        /** The change that it names was seen: accepted. */
        SEEN(true),
        /** The slot has passed everything that it names, so no change that the slot still has counts as sent: accepted. */
        PASSED(true),
        /** It names an LSN that the server has not written yet. */
        BEYOND_WAL(false),
        /** The slot has not passed it, but its stream lacks the change that it names. */
        NOT_SEEN(false),
        /** A snapshot that the slot has not passed: it is not known which changes it contains. */
        SNAPSHOT_AHEAD(false),
        /** It names a transaction, and a last commit that is neither that transaction's nor the one before. */
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
     * Returns the verdict.
     *
     * @param namedCommitLsn commit of the transaction that it names, as seen in the slot's stream; null if it was not seen
     * @param sentCommitLsn commit of the last transaction in the stream that counts as sent; null if none does
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
