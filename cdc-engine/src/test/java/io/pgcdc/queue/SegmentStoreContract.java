package io.pgcdc.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of every {@link SegmentStore}. Each store's test extends it. */
public abstract class SegmentStoreContract {

    protected SegmentStore store;

    /** Opens an empty store the first time, and later the store that was closed. */
    protected abstract SegmentStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void anEmptyStoreHasNothing() {
        assertEquals(SegmentStore.NONE, store.lastIndex());
        assertEquals(SegmentStore.NONE, store.durableIndex());
        assertEquals(SegmentStore.NONE, store.firstIndex());
        assertEquals(List.of(), numbers(SegmentStore.NONE));
        store.sync();
        assertEquals(SegmentStore.NONE, store.durableIndex());
    }

    @Test
    void aReaderSeesOnlyDurableSegments() {
        long index = store.append(TestSegments.whole(1, 100));
        assertEquals(index, store.lastIndex());
        assertEquals(SegmentStore.NONE, store.durableIndex());
        assertEquals(List.of(), numbers(SegmentStore.NONE));

        store.sync();

        assertEquals(index, store.durableIndex());
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
    }

    @Test
    void segmentsComeBackInOrderAsTheyWereAppended() {
        List<Long> indexes = appendAndSync(1, 50, 3000);

        SegmentView segment = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            assertEquals(SegmentStore.NONE, reader.index());
            for (int i = 0; i < indexes.size(); i++) {
                assertTrue(reader.next(segment));
                assertEquals(indexes.get(i), reader.index());
                assertEquals(i + 1, TestSegments.check(segment));
            }
            assertFalse(reader.next(segment));
            assertEquals(indexes.get(indexes.size() - 1), reader.index());
        }
    }

    @Test
    void indexesIncrease() {
        List<Long> indexes = appendAndSync(1, 20, 10);
        for (int i = 1; i < indexes.size(); i++) {
            assertTrue(indexes.get(i) > indexes.get(i - 1));
        }
        assertTrue(store.firstIndex() >= 0 && store.firstIndex() <= indexes.get(0));
        assertEquals(indexes.get(19), store.lastIndex());
    }

    @Test
    void aReaderBeginsAtOrAfterTheIndex() {
        List<Long> indexes = appendAndSync(1, 10, 500);
        assertEquals(List.of(8L, 9L, 10L), numbers(indexes.get(7)));
        assertEquals(List.of(9L, 10L), numbers(indexes.get(7) + 1));
        assertEquals(List.of(), numbers(indexes.get(9) + 1));
        assertEquals(10, numbers(store.firstIndex()).size());
    }

    @Test
    void aReaderAtTheEndContinuesWhenMoreIsDurable() {
        List<Long> indexes = appendAndSync(1, 2, 500);
        SegmentView segment = new SegmentView();
        try (SegmentReader fromStart = store.reader(indexes.get(0));
                SegmentReader fromEnd = store.reader(indexes.get(1) + 1)) {
            assertTrue(fromStart.next(segment));
            assertTrue(fromStart.next(segment));
            assertFalse(fromStart.next(segment));
            assertFalse(fromEnd.next(segment));
            assertEquals(2, TestSegments.check(segment), "the buffer is left as it was");

            appendAndSync(3, 3, 500);

            assertTrue(fromStart.next(segment));
            assertEquals(3, TestSegments.check(segment));
            assertTrue(fromEnd.next(segment));
            assertEquals(3, TestSegments.check(segment));
        }
    }

    @Test
    void aReaderOfAnEmptyStoreSeesLaterSegments() {
        SegmentView segment = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            assertFalse(reader.next(segment));
            appendAndSync(1, 1, 500);
            assertTrue(reader.next(segment));
            assertEquals(1, TestSegments.check(segment));
        }
    }

    @Test
    void headersCanBeReadAlone() {
        List<Long> indexes = appendAndSync(1, 3, 2000);
        SegmentView segment = new SegmentView();
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            assertTrue(reader.nextHeader(header));
            assertEquals(indexes.get(0), reader.index());
            assertEquals(SegmentKind.TRANSACTIONS, header.kind());
            assertEquals(1, header.lastCommitLsn());
            assertEquals(2012, header.framesLength());

            assertTrue(reader.next(segment));
            assertEquals(2, TestSegments.check(segment));
            assertTrue(reader.nextHeader(header));
            assertEquals(3, header.lastCommitLsn());
            assertFalse(reader.nextHeader(header));
        }
    }

    @Test
    void readersAreIndependent() {
        appendAndSync(1, 5, 500);
        SegmentView segment = new SegmentView();
        try (SegmentReader one = store.reader(SegmentStore.NONE);
                SegmentReader two = store.reader(SegmentStore.NONE)) {
            assertTrue(one.next(segment));
            assertTrue(one.next(segment));
            assertTrue(two.next(segment));
            assertEquals(1, TestSegments.check(segment));
        }
    }

    @Test
    void aSegmentWithoutFramesIsASegment() {
        SegmentBuilder empty = new SegmentBuilder();
        empty.begin();
        empty.seal(SegmentKind.TRANSACTIONS);
        store.append(empty);
        store.sync();
        SegmentView segment = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            assertTrue(reader.next(segment));
            assertFalse(segment.nextFrame());
        }
    }

    @Test
    void segmentsOfAllSizesComeBack() {
        List<Integer> sizes = List.of(0, 1, 2, 3, 4, 5, 1 << 20, 5, (1 << 20) - 100, 3 << 20, 7, 5_000_001);
        for (int i = 0; i < sizes.size(); i++) {
            store.append(TestSegments.whole(i + 1, sizes.get(i)));
        }
        store.sync();
        assertEquals(sizes.size(), numbers(SegmentStore.NONE).size());

        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            for (int size : sizes) {
                assertTrue(reader.nextHeader(header));
                assertEquals(size + 12, header.framesLength());
            }
        }
    }

    @Test
    void aReaderContinuesAfterALargeSegment() {
        long large = store.append(TestSegments.whole(1, 3 << 20));
        store.append(TestSegments.whole(2, 10));
        store.sync();
        assertEquals(List.of(2L), numbers(large + 1));
    }

    @Test
    void durableSegmentsSurviveReopening() {
        List<Long> before = appendAndSync(1, 10, 500);
        reopen();
        assertEquals(before.get(9), store.lastIndex());
        assertEquals(before.get(9), store.durableIndex());

        List<Long> after = appendAndSync(11, 5, 500);

        assertTrue(after.get(0) > before.get(9));
        assertEquals(15, numbers(SegmentStore.NONE).size());
        assertEquals(List.of(10L, 11L, 12L, 13L, 14L, 15L), numbers(before.get(9)));
        assertEquals(List.of(11L, 12L, 13L, 14L, 15L), numbers(before.get(9) + 1));
    }

    @Test
    void reopeningManyTimesLosesNothing() {
        for (int round = 0; round < 5; round++) {
            appendAndSync(1 + round * 3L, 3, 100);
            reopen();
            reopen();
        }
        assertEquals(15, numbers(SegmentStore.NONE).size());
    }

    @Test
    void neededSegmentsAreNotReleased() {
        List<Long> indexes = appendAndSync(1, 10, 500);
        store.releaseBefore(indexes.get(4), 0);
        List<Long> left = numbers(indexes.get(4));
        assertEquals(List.of(5L, 6L, 7L, 8L, 9L, 10L), left);

        long some = store.storedBytes() / 2;
        store.releaseBefore(Long.MAX_VALUE, some);
        assertTrue(store.storedBytes() >= some && numbers(indexes.get(9)).contains(10L), "what is to be kept stays");

        store.releaseBefore(Long.MAX_VALUE, 0);
        assertEquals(List.of(10L), numbers(indexes.get(9)), "the last durable segment stays");
    }

    @Test
    void placesTellTheBytesBetweenSegments() {
        List<Long> indexes = appendAndSync(1, 10, 500);
        assertTrue(store.place(SegmentStore.NONE) <= store.place(indexes.get(0)));
        long all = store.storedBytes();
        for (int i = 1; i < 10; i++) {
            long between = store.place(indexes.get(i)) - store.place(indexes.get(i - 1));
            assertTrue(between > 500 && between < all / 2, between + " of " + all);
        }
        long fifth = store.place(indexes.get(4));
        long tenth = store.place(indexes.get(9));
        store.releaseBefore(indexes.get(4), 0);
        assertEquals(tenth, store.place(indexes.get(9)), "a release moves nothing");
        assertTrue(store.place(indexes.get(0)) <= fifth, "it is no longer there");
        List<Long> more = appendAndSync(11, 1, 500);
        assertTrue(store.place(more.get(0)) > tenth);
    }

    @Test
    void oneThreadAppendsWhileOthersSyncAndRead() throws Exception {
        int count = 3000;
        AtomicBoolean appended = new AtomicBoolean();
        CompletableFuture<Void> syncer = CompletableFuture.runAsync(() -> {
            while (!appended.get()) {
                store.sync();
            }
            store.sync();
        });
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> readAll(count));
        SegmentBuilder segment = new SegmentBuilder();
        for (int i = 1; i <= count; i++) {
            TestSegments.fill(segment, i, i % 5000);
            store.append(segment);
        }
        appended.set(true);
        syncer.get(60, TimeUnit.SECONDS);
        reader.get(60, TimeUnit.SECONDS);
    }

    private void readAll(int count) {
        SegmentView segment = new SegmentView();
        long expected = 1;
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            while (expected <= count) {
                if (reader.next(segment)) {
                    assertEquals(expected++, TestSegments.check(segment));
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void aBufferCutInTwoIsStoredAsTwoSegments() {
        SegmentBuilder segment = new SegmentBuilder();
        segment.begin();
        segment.addFrame(1, new byte[] {1, 1}, 0, 2);
        int mark = segment.end();
        segment.addFrame(2, new byte[] {2, 2, 2}, 0, 3);
        segment.seal(SegmentKind.TRANSACTIONS, mark);
        store.append(segment);
        segment.keepFrom(mark);
        segment.xid(7);
        segment.seal(SegmentKind.FIRST);
        store.append(segment);
        store.sync();

        SegmentView read = new SegmentView();
        try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
            assertTrue(reader.next(read));
            assertEquals(SegmentKind.TRANSACTIONS, read.header().kind());
            assertArrayEquals(new byte[] {1, 1}, onlyFrame(read));
            assertTrue(reader.next(read));
            assertEquals(SegmentKind.FIRST, read.header().kind());
            assertEquals(7, read.header().xid());
            assertArrayEquals(new byte[] {2, 2, 2}, onlyFrame(read));
        }
    }

    /** A sink's checkpoint of a lost queue may name such an index. Waiting there would be a silent gap. */
    @Test
    void aReaderAfterTheStoresEndIsRefused() {
        assertReadFails(ErrorCode.QUEUE_DAMAGED, 1L << 40);
        long last = appendAndSync(1, 1, 100).get(0);
        assertReadFails(ErrorCode.QUEUE_DAMAGED, last + (1L << 40));
    }

    @Test
    void anUnsealedSegmentIsRefusedWithoutHarm() {
        SegmentBuilder unsealed = new SegmentBuilder();
        unsealed.begin();
        assertThrows(IllegalStateException.class, () -> store.append(unsealed));
        appendAndSync(1, 1, 10);
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
    }

    @Test
    void aClosedStoreRefusesAllCalls() {
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, () -> store.append(TestSegments.whole(1, 1)));
        assertThrows(IllegalStateException.class, () -> store.sync());
        assertThrows(IllegalStateException.class, () -> store.reader(SegmentStore.NONE));
    }

    /** Appends segments numbered from {@code first} on, syncs, and returns their indexes. */
    protected final List<Long> appendAndSync(long first, int count, int frameBytes) {
        List<Long> indexes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            indexes.add(store.append(TestSegments.whole(first + i, frameBytes)));
        }
        store.sync();
        return indexes;
    }

    /** Returns the numbers of the segments from an index on. Checks each segment. */
    protected final List<Long> numbers(long fromIndex) {
        List<Long> numbers = new ArrayList<>();
        SegmentView segment = new SegmentView();
        try (SegmentReader reader = store.reader(fromIndex)) {
            while (reader.next(segment)) {
                numbers.add(TestSegments.check(segment));
            }
        }
        return numbers;
    }

    protected final void reopen() {
        store.close();
        store = open();
    }

    /** Fails unless reading from that index ends in the error. */
    protected final QueueException assertReadFails(ErrorCode code, long fromIndex) {
        QueueException e = assertThrows(QueueException.class, () -> numbers(fromIndex));
        assertEquals(code, e.code());
        return e;
    }

    private static byte[] onlyFrame(SegmentView segment) {
        assertTrue(segment.nextFrame());
        byte[] frame = Arrays.copyOfRange(
                segment.array(), segment.frameOffset(), segment.frameOffset() + segment.frameLength());
        assertFalse(segment.nextFrame());
        return frame;
    }
}
