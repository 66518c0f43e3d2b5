package io.pgcdc.sinks.kafka.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Batch;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset.Last;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where an offset stands in a stream. The transactions of {@link TestChanges} begin one below their commit, and all their changes have that LSN. */
class PlaceFinderTest {

    private static final Batch FIRST = new TestChanges(1).insert("1", "a").batch();
    private static final Batch SECOND =
            new TestChanges(2).insert("2", "b").insert("3", "c").batch();
    private static final Batch THIRD = new TestChanges(3).insert("4", "d").batch();

    private final AtomicInteger found = new AtomicInteger();

    private PlaceFinder after(DebeziumOffset offset) {
        PlaceFinder finder = new PlaceFinder(offset, found::incrementAndGet);
        List.of(FIRST, SECOND, THIRD).forEach(finder::write);
        return finder;
    }

    private static long commit(Batch batch) {
        return batch.lastPosition().commitLsn();
    }

    @Test
    void theLastChangeOfATransactionEndsIt() {
        PlaceFinder place = after(new DebeziumOffset(commit(FIRST) - 1, null, null, null, null, Last.CHANGE));
        assertEquals(FIRST.lastPosition(), place.sent());
        assertEquals(FIRST.lastPosition(), place.whole());
        assertEquals(1, found.get());
    }

    @Test
    void ofChangesThatShareItsLsnNoneCountsAsSent() {
        PlaceFinder place = after(new DebeziumOffset(
                commit(SECOND) - 1, commit(FIRST) + 1, (int) commit(SECOND), null, null, Last.CHANGE));
        assertEquals(2, place.sharing());
        assertEquals(FIRST.lastPosition(), place.sent());
        assertEquals(FIRST.lastPosition(), place.whole());
        assertEquals(1, found.get());
    }

    @Test
    void whatWasCommittedBeforeItsLastCommitWasSent() {
        PlaceFinder place =
                after(new DebeziumOffset(commit(SECOND), commit(SECOND) + 1, null, null, null, Last.COMMIT));
        assertEquals(SECOND.lastPosition(), place.sent());
        assertEquals(SECOND.lastPosition(), place.whole());
        assertEquals(1, found.get());
    }

    @Test
    void aSlotBehindItHasNothingThatWasSent() {
        PlaceFinder place = after(new DebeziumOffset(1, 2L, 7, null, null, Last.COMMIT));
        assertNull(place.sent());
        assertNull(place.whole());
        assertEquals(1, found.get());
    }

    @Test
    void theSameLsnInAnotherTransactionIsAnotherChange() {
        Position none = after(new DebeziumOffset(commit(FIRST) - 1, null, 7, null, null, Last.CHANGE))
                .sent();
        assertNull(none);
        assertEquals(0, found.get());
    }

    @Test
    void ofATransactionThatHasOnlyBegunNothingWasSent() {
        PlaceFinder place = after(
                new DebeziumOffset(commit(THIRD) - 1, commit(FIRST) + 1, (int) commit(THIRD), null, null, Last.BEGIN));
        assertEquals(SECOND.lastPosition(), place.sent());
        assertEquals(SECOND.lastPosition(), place.whole());
        assertEquals(1, found.get());
    }

    /** Its first change may be of a table that is not captured. */
    @Test
    void aTransactionThatHasBegunIsKnownByItsXid() {
        PlaceFinder place =
                after(new DebeziumOffset(1, commit(FIRST) + 1, (int) commit(SECOND), null, null, Last.BEGIN));
        assertEquals(FIRST.lastPosition(), place.sent());
        assertEquals(FIRST.lastPosition(), place.whole());
        assertEquals(1, found.get());
    }

    /** A message moves what counts as the last commit, without one: the change that the offset names may come behind others. */
    @Test
    void theNamedChangeIsLookedForBehindALastCommitThatIsAMessages() {
        PlaceFinder place =
                after(new DebeziumOffset(commit(THIRD) - 1, 1L, (int) commit(THIRD), null, null, Last.CHANGE));
        assertEquals(THIRD.lastPosition(), place.sent());
        assertEquals(THIRD.lastPosition(), place.whole());
    }

    @Test
    void anIncrementalSnapshotUnderWayIsRefused() {
        SinkException e = assertThrows(
                SinkException.class,
                () -> DebeziumOffset.parse("{\"lsn\":5,\"incremental_snapshot_collections\":\"[]\"}"));
        assertEquals(ErrorCode.TAKEOVER_REFUSED, e.code());
    }

    @Test
    void anOffsetIsReadAsDebeziumWritesIt() {
        String json =
                "{\"transaction_id\":null,\"lsn_proc\":24022912,\"messageType\":\"INSERT\",\"lsn_commit\":24022800,"
                        + "\"lsn\":24022912,\"txId\":4294967295,\"ts_usec\":1790000000000000}";
        assertEquals(
                new DebeziumOffset(24022912, 24022800L, -1, 1790000000000000L, ChangeKind.INSERT, Last.CHANGE),
                DebeziumOffset.parse(json));
        // lsn_proc is the end of the commit before, where the LSN of a change of this transaction may be, too
        assertEquals(
                new DebeziumOffset(37748456, 37748792L, 777, null, null, Last.BEGIN),
                DebeziumOffset.parse(
                        "{\"transaction_id\":\"777\",\"lsn_proc\":37748792,\"messageType\":\"BEGIN\",\"lsn_commit\":37748792,"
                                + "\"lsn\":37748456,\"txId\":777}"));
        assertEquals(
                new DebeziumOffset(5, null, null, null, null, Last.SNAPSHOT),
                DebeziumOffset.parse("{\"lsn\":5,\"snapshot\":\"INITIAL\",\"last_snapshot_record\":true}"));
        for (String none : List.of("[]", "{\"lsn\":5,\"transaction_id\":\"777\",\"txId\":777}")) {
            SinkException e = assertThrows(SinkException.class, () -> DebeziumOffset.parse(none));
            assertEquals(ErrorCode.TAKEOVER_REFUSED, e.code());
        }
    }

    @Test
    void ofWhatIsNoOffsetTheErrorShowsTheBeginOnly() {
        SinkException e =
                assertThrows(SinkException.class, () -> DebeziumOffset.parse("{\u001b[31m" + "a".repeat(10_000)));
        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith("\"{?[31m" + "a".repeat(34) + "…\" is not an offset of Debezium's"),
                e.getMessage());
    }
}
