package io.pgcdc.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.QueueException;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.TestSegments;
import io.pgcdc.queue.disk.ChronicleSegmentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counts agree with what was stored, from each place, also after files were deleted. */
class BacklogTest {

    /** More than two marks apart. */
    private static final int SEGMENTS = 520;

    @TempDir
    Path directory;

    private SegmentStore store;
    private Backlog backlog;
    private final List<Long> indexes = new ArrayList<>();

    @BeforeEach
    void open() {
        store = ChronicleSegmentStore.open(directory, 30_000, SegmentStore.NONE);
        backlog = new Backlog(store);
    }

    @AfterEach
    void close() {
        backlog.close();
        store.close();
    }

    private void append(int segments) {
        for (int i = 0; i < segments; i++) {
            indexes.add(store.append(TestSegments.whole(indexes.size() + 1, 50)));
        }
        store.sync();
    }

    /** Each of the test's segments has one change. */
    private void checkAll(int from) {
        for (int delivered = from; delivered < indexes.size(); delivered += 7) {
            assertEquals(
                    indexes.size() - delivered - 1,
                    backlog.after(indexes.get(delivered) + 1).changes(),
                    "after segment " + delivered);
        }
    }

    @Test
    void anEmptyQueueHasNone() {
        assertEquals(new Backlog.Held(0, 0), backlog.after(SegmentStore.NONE));
    }

    @Test
    void countsFromEachPlaceWhileTheQueueGrows() {
        append(SEGMENTS);
        assertEquals(SEGMENTS, backlog.after(SegmentStore.NONE).changes());
        checkAll(0);
        append(SEGMENTS);
        checkAll(0);
        assertEquals(2 * SEGMENTS, backlog.after(SegmentStore.NONE).changes());
    }

    @Test
    void aPlaceBeforeTheFirstQuestionIsCountedAgain() {
        append(SEGMENTS);
        assertEquals(9, backlog.after(indexes.get(SEGMENTS - 10) + 1).changes());
        assertEquals(SEGMENTS, backlog.after(SegmentStore.NONE).changes());
        checkAll(0);
    }

    @Test
    void segmentsThatAreNotDurableDoNotCount() {
        append(1);
        store.append(TestSegments.whole(2, 50));
        assertEquals(1, backlog.after(SegmentStore.NONE).changes());
    }

    @Test
    void deletedFilesChangeNothingForWhoNeedsNoneOfThem() {
        append(SEGMENTS);
        checkAll(0);
        for (int needed = 100; needed < SEGMENTS; needed += 100) {
            long first = store.firstIndex();
            store.releaseBefore(indexes.get(needed) + 1, 0);
            assertTrue(store.firstIndex() > first, "files went");
            checkAll(needed);
        }
        append(SEGMENTS);
        checkAll(SEGMENTS - 1);
    }

    @Test
    void theOldestChangeIsTheFirstAfterThePlace() {
        append(3);
        assertEquals(3_000, backlog.after(indexes.get(1) + 1).oldestMicros());
    }

    @Test
    void aPlaceAfterTheQueueIsRefusedByTheStore() {
        append(1);
        assertThrows(QueueException.class, () -> backlog.after(indexes.get(0) + 1_000_000_000_000L));
    }
}
