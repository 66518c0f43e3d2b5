package io.pgcdc.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemorySegmentStoreTest extends SegmentStoreContract {

    private @Nullable MemorySegmentStore opened;

    @Override
    protected SegmentStore open() {
        opened = opened == null ? new MemorySegmentStore() : opened.reopen(SegmentStore.NONE);
        return opened;
    }

    private MemorySegmentStore memory() {
        return java.util.Objects.requireNonNull(opened);
    }

    @Test
    void aCrashLosesUnsyncedSegments() {
        appendAndSync(1, 3, 100);
        long lost = store.append(TestSegments.whole(4, 100));
        memory().crash();
        store = open();
        assertEquals(List.of(1L, 2L, 3L), numbers(SegmentStore.NONE));
        assertTrue(store.append(TestSegments.whole(4, 100)) > lost, "an index is never used again");
    }

    @Test
    void aCrashMayKeepSomeUnsyncedSegments() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            opened = null;
            store = open();
            int synced = random.nextInt(5);
            int unsynced = random.nextInt(5);
            List<Long> indexes = appendAndSync(1, synced, 100);
            for (int i = 0; i < unsynced; i++) {
                store.append(TestSegments.whole(synced + 1L + i, 100));
            }
            memory().crash(random);
            store = memory().reopen(synced == 0 ? SegmentStore.NONE : indexes.get(synced - 1));
            List<Long> left = numbers(SegmentStore.NONE);
            assertTrue(left.size() >= synced && left.size() <= synced + unsynced, "seed " + seed);
            assertEquals(LongStream.rangeClosed(1, left.size()).boxed().toList(), left, "seed " + seed);
        }
    }

    @Test
    void aFullStoreStaysFailedAndKeepsItsDurableSegments() {
        appendAndSync(1, 1, 100);
        memory().setFull(true);
        QueueException e = assertThrows(QueueException.class, () -> store.append(TestSegments.whole(2, 100)));
        assertEquals(ErrorCode.QUEUE_FULL, e.code());
        memory().setFull(false);
        assertThrows(QueueException.class, () -> store.append(TestSegments.whole(2, 100)));
        assertThrows(QueueException.class, () -> store.sync());
        assertEquals(List.of(1L), numbers(SegmentStore.NONE));
        reopen();
        appendAndSync(2, 1, 100);
        assertEquals(List.of(1L, 2L), numbers(SegmentStore.NONE));
    }

    @Test
    void damageIsDetected() {
        List<Long> indexes = appendAndSync(1, 3, 100);
        memory().damage(indexes.get(1), 95, 1);
        assertReadFails(ErrorCode.QUEUE_DAMAGED, indexes.get(1));
        store.close();
        QueueException e = assertThrows(QueueException.class, () -> memory().reopen(indexes.get(1)));
        assertEquals(ErrorCode.QUEUE_DAMAGED, e.code());
    }

    @Test
    void aReaderOfAReleasedSegmentIsRefused() {
        List<Long> indexes = appendAndSync(1, 3, 100);
        store.releaseBefore(indexes.get(2), 0);
        assertReadFails(ErrorCode.QUEUE_SEGMENT_RELEASED, indexes.get(0));
    }
}
