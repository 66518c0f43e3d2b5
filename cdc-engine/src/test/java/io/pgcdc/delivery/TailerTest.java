package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.TestSegments;
import io.pgcdc.queue.memory.MemorySegments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invariant 3, whole transactions: what a sink's reader gives out. */
class TailerTest {

    private MemorySegmentStore store = new MemorySegmentStore();

    private void append(SegmentBuilder segment) {
        store.append(segment);
        store.sync();
    }

    private List<String> readAll() {
        List<String> given = new ArrayList<>();
        try (Tailer tailer = new Tailer(store, SegmentStore.NONE)) {
            SegmentView view = new SegmentView();
            while (tailer.next(view, store.durableIndex())) {
                given.add(view.header().kind() + " " + view.header().xid());
            }
        }
        return given;
    }

    @Test
    void aTransactionOrChunkThatWasCutOffIsSkipped() {
        append(TestSegments.part(SegmentKind.FIRST, 7, 0, 10));
        append(TestSegments.chunk(SegmentKind.CHUNK_FIRST, 1, 5, 0, 4));
        append(TestSegments.chunk(SegmentKind.CHUNK_FIRST, 2, 5, 0, 4));
        append(TestSegments.chunk(SegmentKind.CHUNK_LAST, 2, 5, 4, 4));
        append(TestSegments.chunk(SegmentKind.CHUNK, 3, 5, 8, 4));
        append(TestSegments.chunk(SegmentKind.CHUNK_FIRST, 4, 5, 12, 4));
        append(TestSegments.part(SegmentKind.FIRST, 7, 0, 10));
        append(TestSegments.part(SegmentKind.LAST, 7, 10, 10));
        assertEquals(List.of("CHUNK_FIRST 2", "CHUNK_LAST 2", "CHUNK 3", "FIRST 7", "LAST 7"), readAll());
    }

    /** Its reader passes over what it has of a transaction that comes again. */
    @Test
    void aQueueInMemoryGivesOutPartsAtOnce() {
        MemorySegments memory = new MemorySegments();
        List<String> given = new ArrayList<>();
        try (Tailer tailer = new Tailer(memory, SegmentStore.NONE, true)) {
            SegmentView view = new SegmentView();
            for (SegmentBuilder segment : List.of(
                    TestSegments.part(SegmentKind.FIRST, 7, 0, 10),
                    TestSegments.part(SegmentKind.MIDDLE, 7, 10, 10),
                    TestSegments.part(SegmentKind.FIRST, 7, 0, 10),
                    TestSegments.part(SegmentKind.LAST, 7, 10, 20),
                    TestSegments.whole(8, 10))) {
                memory.append(segment);
                while (tailer.next(view, memory.lastIndex())) {
                    given.add(view.header().kind() + " " + view.header().firstOrdinal());
                }
            }
        }
        assertEquals(List.of("FIRST 0", "MIDDLE 10", "FIRST 0", "LAST 10", "TRANSACTIONS 0"), given);
    }

    /** A segment in the middle would count as the cut that a crash leaves, and the transaction's beginning would be lost. */
    @Test
    void aSegmentInsideATransactionIsDamage() {
        for (SegmentBuilder foreign : List.of(
                TestSegments.whole(1, 10),
                TestSegments.message(5),
                TestSegments.chunk(SegmentKind.CHUNK, 1, 9, 0, 4))) {
            store = new MemorySegmentStore();
            append(TestSegments.part(SegmentKind.FIRST, 7, 0, 10));
            append(foreign);
            append(TestSegments.part(SegmentKind.LAST, 7, 10, 5));
            assertEquals(
                    ErrorCode.QUEUE_DAMAGED,
                    assertThrows(QueueException.class, this::readAll).code(),
                    foreign.header().kind().name());
        }
    }
}
