package io.pgcdc.queue.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TestSegments;
import org.junit.jupiter.api.Test;

/** Each segment is given once, and takes memory only until then. */
class MemorySegmentsTest {

    private final MemorySegments store = new MemorySegments();
    private final SegmentView view = new SegmentView();

    @Test
    void aSegmentIsThereUntilItIsRead() {
        SegmentReader reader = store.reader(SegmentStore.NONE);
        assertFalse(reader.next(view));
        for (int i = 1; i <= 20; i++) {
            store.append(TestSegments.whole(i, 1_000 * i));
        }
        long all = store.storedBytes();
        assertEquals(store.lastIndex(), store.durableIndex());
        long before = 0;
        for (int i = 1; i <= 20; i++) {
            assertEquals(before, store.place(store.firstIndex()));
            assertTrue(reader.next(view));
            assertEquals(i, TestSegments.check(view));
            before += view.length();
            assertEquals(all - before, store.storedBytes());
        }
        assertFalse(reader.next(view));
        assertEquals(0, store.storedBytes());
        assertEquals(SegmentStore.NONE, store.firstIndex());
        assertEquals(store.lastIndex(), reader.index());
    }

    @Test
    void anArrayThatIsUsedAgainHasOnlyTheNewSegment() {
        SegmentReader reader = store.reader(SegmentStore.NONE);
        for (int i = 1; i <= 50; i++) {
            store.append(TestSegments.whole(i, i % 2 == 0 ? 100 : 5_000));
            assertTrue(reader.next(view));
            assertEquals(i, TestSegments.check(view));
        }
    }

    @Test
    void whatWasReadIsGone() {
        store.append(TestSegments.whole(1, 10));
        store.append(TestSegments.whole(2, 10));
        long first = store.firstIndex();
        assertTrue(store.reader(first).next(view));
        QueueException gone = assertThrows(QueueException.class, () -> store.reader(first));
        assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, gone.code());
        assertTrue(store.reader(first + 1).next(view));
        assertEquals(2, TestSegments.check(view));
    }
}
