package io.pgcdc.queue;

import static io.pgcdc.queue.SegmentKind.FIRST;
import static io.pgcdc.queue.SegmentKind.LAST;
import static io.pgcdc.queue.SegmentKind.MIDDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.TransactionScan.Fate;
import org.junit.jupiter.api.Test;

/** Invariant 3, whole transactions: a cut-off transaction never counts as whole. */
class TransactionScanTest {

    private MemorySegmentStore store = new MemorySegmentStore();

    private long append(SegmentBuilder segment) {
        long index = store.append(segment);
        store.sync();
        return index;
    }

    private long part(SegmentKind kind, int xid, long firstOrdinal, int changeCount) {
        return append(TestSegments.part(kind, xid, firstOrdinal, changeCount));
    }

    private Fate fate(long first) {
        try (TransactionScan scan = new TransactionScan(store, first)) {
            return scan.look();
        }
    }

    @Test
    void aTransactionWithItsLastIsComplete() {
        append(TestSegments.whole(1, 10));
        long first = part(FIRST, 7, 0, 10);
        part(MIDDLE, 7, 10, 20);
        part(MIDDLE, 7, 30, 5);
        long last = part(LAST, 7, 35, 1);
        append(TestSegments.whole(2, 10));
        try (TransactionScan scan = new TransactionScan(store, first)) {
            assertEquals(Fate.COMPLETE, scan.look());
            assertEquals(last, scan.endIndex());
            assertEquals(Fate.COMPLETE, scan.look());
        }
    }

    @Test
    void aTransactionAtTheEndIsOpenUntilItsLastIsDurable() {
        long first = part(FIRST, 7, 0, 10);
        try (TransactionScan scan = new TransactionScan(store, first)) {
            assertEquals(Fate.OPEN, scan.look());
            part(MIDDLE, 7, 10, 20);
            assertEquals(Fate.OPEN, scan.look());
            assertEquals(SegmentStore.NONE, scan.endIndex());
            long last = store.append(TestSegments.part(LAST, 7, 30, 0));
            assertEquals(Fate.OPEN, scan.look(), "not synced yet");
            store.sync();
            assertEquals(Fate.COMPLETE, scan.look());
            assertEquals(last, scan.endIndex());
        }
    }

    @Test
    void aTransactionIsCutOffIfAnotherBegins() {
        for (SegmentBuilder follower : java.util.List.of(
                TestSegments.whole(1, 10), TestSegments.message(5), TestSegments.part(FIRST, 8, 0, 3))) {
            store = new MemorySegmentStore();
            long first = part(FIRST, 7, 0, 10);
            part(MIDDLE, 7, 10, 20);
            long next = append(follower);
            try (TransactionScan scan = new TransactionScan(store, first)) {
                assertEquals(Fate.CUT_OFF, scan.look(), follower.header().kind().name());
                assertEquals(next, scan.endIndex());
            }
        }
    }

    @Test
    void aTransactionRepeatedAfterACrashIsDeliveredOnce() {
        long cut = part(FIRST, 7, 0, 10);
        part(MIDDLE, 7, 10, 20);
        store.append(TestSegments.part(MIDDLE, 7, 30, 20));
        store.crash();
        store = store.reopen(SegmentStore.NONE);
        assertEquals(Fate.OPEN, fate(cut));

        long repeated = part(FIRST, 7, 0, 15);
        part(MIDDLE, 7, 15, 30);
        long last = part(LAST, 7, 45, 5);

        assertEquals(Fate.CUT_OFF, fate(cut));
        try (TransactionScan scan = new TransactionScan(store, cut)) {
            assertEquals(Fate.CUT_OFF, scan.look());
            assertEquals(repeated, scan.endIndex(), "a sink goes on at the repeat");
        }
        try (TransactionScan scan = new TransactionScan(store, repeated)) {
            assertEquals(Fate.COMPLETE, scan.look());
            assertEquals(last, scan.endIndex());
        }
    }

    @Test
    void aRepeatInOneSegmentCutsTheFirstAttemptOff() {
        long cut = part(FIRST, 7, 0, 10);
        append(TestSegments.whole(7, 10));
        assertEquals(Fate.CUT_OFF, fate(cut));
    }

    @Test
    void aMissingPartIsDamage() {
        long first = part(FIRST, 7, 0, 10);
        part(LAST, 7, 11, 5);
        assertDamaged(first);
    }

    @Test
    void aPartOfAnotherTransactionIsDamage() {
        long first = part(FIRST, 7, 0, 10);
        part(MIDDLE, 8, 10, 5);
        assertDamaged(first);
    }

    private void assertDamaged(long first) {
        assertEquals(
                ErrorCode.QUEUE_DAMAGED,
                assertThrows(QueueException.class, () -> fate(first)).code());
        assertEquals(
                ErrorCode.QUEUE_DAMAGED,
                assertThrows(QueueException.class, () -> TransactionScan.lastComplete(store, SegmentStore.NONE))
                        .code());
    }

    @Test
    void aScanMustBeginAtAFirst() {
        long whole = append(TestSegments.whole(1, 10));
        assertThrows(IllegalArgumentException.class, () -> new TransactionScan(store, whole));
        assertThrows(IllegalArgumentException.class, () -> new TransactionScan(store, whole + 1));
    }

    @Test
    void anEmptyQueueHasNoLastTransaction() {
        assertNull(TransactionScan.lastComplete(store, SegmentStore.NONE));
    }

    @Test
    void theLastCompleteTransactionIsFoundBeforeAnOpenOne() {
        append(TestSegments.whole(1, 10));
        long whole = append(TestSegments.whole(2, 10));
        part(FIRST, 7, 0, 10);
        part(MIDDLE, 7, 10, 10);
        assertEnd(whole, 2, 3, SegmentStore.NONE);
        assertEnd(whole, 2, 3, whole);
    }

    @Test
    void theLastCompleteTransactionMayBeALargeOne() {
        part(FIRST, 7, 0, 10);
        part(FIRST, 7, 0, 10);
        part(MIDDLE, 7, 10, 10);
        long last = part(LAST, 7, 20, 10);
        part(FIRST, 8, 0, 10);
        assertEnd(last, 1007, 1008, SegmentStore.NONE);
        assertEnd(last, 1007, 1008, last);
    }

    @Test
    void aMessageIsAnEnd() {
        append(TestSegments.whole(1, 10));
        long message = append(TestSegments.message(99));
        assertEnd(message, 99, 99, SegmentStore.NONE);
    }

    @Test
    void aChunkIsAnEndButNoCommit() {
        append(TestSegments.whole(5, 10));
        append(TestSegments.chunk(SegmentKind.CHUNK, 1, 9, 0, 4));
        append(TestSegments.chunk(SegmentKind.CHUNK_FIRST, 2, 9, 4, 3));
        append(TestSegments.chunk(SegmentKind.CHUNK_MIDDLE, 2, 9, 7, 2));
        long last = append(TestSegments.chunk(SegmentKind.CHUNK_LAST, 2, 9, 9, 1));
        append(TestSegments.chunk(SegmentKind.CHUNK_FIRST, 3, 9, 10, 3));
        assertEnd(last, 5, 6, SegmentStore.NONE);

        TransactionScan.End end = TransactionScan.lastComplete(store, last);
        assertNotNull(end);
        assertNull(end.commit(), "the checkpoint names a chunk, so the last commit is before it");
        assertEquals(
                new TransactionScan.Reads(last, 9, 10), end.reads(), "a chunk that is cut off gives its numbers back");
    }

    @Test
    void aSegmentInsideATransactionIsDamage() {
        for (SegmentBuilder foreign : java.util.List.of(
                TestSegments.whole(1, 10),
                TestSegments.message(5),
                TestSegments.chunk(SegmentKind.CHUNK, 1, 9, 0, 4))) {
            store = new MemorySegmentStore();
            part(FIRST, 7, 0, 10);
            append(foreign);
            part(LAST, 7, 10, 5);
            String kind = foreign.header().kind().name();
            assertEquals(
                    ErrorCode.QUEUE_DAMAGED,
                    assertThrows(
                                    QueueException.class,
                                    () -> TransactionScan.lastComplete(store, SegmentStore.NONE),
                                    kind)
                            .code());
        }
    }

    /** A part of a chunk never continues a transaction, although number and LSN agree. */
    @Test
    void aChunkDoesNotContinueATransaction() {
        part(FIRST, 7, 0, 10);
        append(TestSegments.chunk(SegmentKind.CHUNK_LAST, 7, 1007, 10, 4));
        assertThrows(QueueException.class, () -> TransactionScan.lastComplete(store, SegmentStore.NONE));
    }

    private void assertEnd(long index, long commitLsn, long endLsn, long from) {
        TransactionScan.End end = TransactionScan.lastComplete(store, from);
        assertNotNull(end);
        assertEquals(index, end.index());
        TransactionScan.Commit commit = end.commit();
        assertNotNull(commit);
        assertEquals(commitLsn, commit.lsn());
        assertEquals(endLsn, commit.endLsn());
    }
}
