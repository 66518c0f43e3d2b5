package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.TestSegments;
import org.junit.jupiter.api.Test;

/** The checkpoint of a sink that has everything up to a position. */
class PositionLookupTest {

    private final MemorySegmentStore store = new MemorySegmentStore();

    private long append(SegmentBuilder segment) {
        long index = store.append(segment);
        store.sync();
        return index;
    }

    /** Parts of a transaction that commits at 1,007. */
    private long part(SegmentKind kind, long firstOrdinal, int changes) {
        return append(TestSegments.part(kind, 7, firstOrdinal, changes));
    }

    private SinkCheckpoint after(Position position) {
        QueueProgress.Mark end = new QueueProgress.Mark(store.lastIndex(), 2_000, 2_001);
        return new PositionLookup(store, end, 2_001).after(position, "sink \"x\" starts after " + position, "Do this.");
    }

    private void assertReleased(Position position) {
        QueueException e = assertThrows(QueueException.class, () -> after(position));
        assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, e.code());
        assertTrue(e.getMessage().startsWith("sink \"x\" starts after " + position), e.getMessage());
        assertTrue(e.getMessage().endsWith("Do this."), e.getMessage());
    }

    @Test
    void itBeginsWithTheSegmentThatMayHoldTheNextChange() {
        append(TestSegments.whole(10, 10));
        long second = append(TestSegments.whole(20, 10));
        assertEquals(new SinkCheckpoint(second, new Position(0, 15, 0), 14), after(new Position(0, 15, 0)));
        assertEquals(
                new SinkCheckpoint(second, new Position(0, 20, 0), 19),
                after(new Position(0, 20, 0)),
                "how many changes the last transaction has, the header does not say");
        assertEquals(
                new SinkCheckpoint(second + 1, new Position(0, 21, 0), 2_001),
                after(new Position(0, 21, 0)),
                "the end");
    }

    @Test
    void insideALargeTransactionItBeginsWithTheFirstPart() {
        append(TestSegments.whole(10, 10));
        long first = part(SegmentKind.FIRST, 0, 10);
        part(SegmentKind.MIDDLE, 10, 10);
        part(SegmentKind.LAST, 20, 10);
        long next = append(TestSegments.whole(1_020, 10));
        for (long ordinal : new long[] {0, 9, 10, 28}) {
            assertEquals(first, after(new Position(0, 1_007, ordinal)).nextIndex());
        }
        assertEquals(new SinkCheckpoint(next, new Position(0, 1_007, 29), 1_008), after(new Position(0, 1_007, 29)));
    }

    @Test
    void aPositionBeforeTheFirstChangeIsReleased() {
        append(TestSegments.whole(10, 10));
        assertReleased(new Position(0, 9, 5));
    }

    /** Without the beginning nobody can tell if the transaction was cut off, so no sink may get the rest. */
    @Test
    void aTransactionWhoseBeginningIsGoneIsReleased() {
        part(SegmentKind.MIDDLE, 10, 10);
        part(SegmentKind.LAST, 20, 10);
        long next = append(TestSegments.whole(1_020, 10));
        assertReleased(new Position(0, 1_007, 10));
        assertReleased(new Position(0, 1_007, 28));
        assertEquals(next, after(new Position(0, 1_007, 29)).nextIndex());
    }

    /** A process died inside a transaction, the files with its beginning were deleted, and the next process stored it again. */
    @Test
    void theRestOfATransactionThatWasRepeatedCountsForNothing() {
        part(SegmentKind.MIDDLE, 10, 10);
        assertReleased(new Position(0, 1_007, 5));
        assertReleased(new Position(0, 1_007, 15));
        long again = part(SegmentKind.FIRST, 0, 10);
        part(SegmentKind.LAST, 10, 20);
        assertEquals(again, after(new Position(0, 1_007, 5)).nextIndex());
        assertEquals(again, after(new Position(0, 1_007, 15)).nextIndex());
        assertReleased(new Position(0, 1_006, 0));
    }

    @Test
    void endsOfEarlierEpochsDoNotCountForALaterOne() {
        append(TestSegments.whole(5_000, 10));
        SegmentBuilder forked = new SegmentBuilder();
        forked.begin();
        forked.addFrame(3_000, new byte[] {'x'}, 0, 1);
        forked.epoch(1);
        forked.changeCount(1);
        forked.firstCommitLsn(3_000);
        forked.lastCommitLsn(3_000);
        forked.lastCommitEndLsn(3_001);
        forked.seal(SegmentKind.TRANSACTIONS);
        append(forked);
        assertEquals(2_998, after(new Position(1, 2_999, 0)).endLsn());
        assertEquals(5_999, after(new Position(0, 6_000, 0)).endLsn());
    }

    /** Earlier commits may be released, and no later one may follow. Otherwise the sink would never count as caught up. */
    @Test
    void beforeRowsOfASnapshotAllEarlierCommitsCount() {
        append(TestSegments.chunk(SegmentKind.CHUNK, 1, 3_000, 0, 2));
        assertEquals(2_999, after(Position.ofRead(0, 3_000, 0)).endLsn());
    }

    @Test
    void anEmptyQueueHasOnlyTheStreamsPosition() {
        assertReleased(new Position(0, 1_500, 0));
        assertEquals(2_001, after(new Position(0, 2_000, 0)).endLsn());
        assertEquals(2_001, after(new Position(0, 3_000, 0)).endLsn());
    }
}
