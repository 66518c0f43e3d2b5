package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.delivery.Tailer;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of the stream become segments, which a tailer reads again. */
class SegmentWriterTest {

    /** A row's value: three such rows fill a segment. */
    private static final String WIDE = "w".repeat(1_200);

    @TempDir
    Path directory;

    private CaptureFixture capture;

    @BeforeEach
    void open() {
        capture = new CaptureFixture(directory);
    }

    @AfterEach
    void close() {
        capture.close();
    }

    private void reopen(long lastCommitLsn, long lastMessageLsn) {
        capture.close();
        capture = new CaptureFixture(directory, lastCommitLsn, lastMessageLsn);
    }

    @Test
    void smallTransactionsShareASegment() throws Exception {
        capture.begin(100).relation("id").insert("a").insert("b").commit(100);
        capture.transaction(200, "c").settle();
        assertEquals(List.of("TRANSACTIONS 100-200 end 210 from 0 count 3"), capture.segments());
        assertEquals(
                List.of(List.of("100:0 INSERT id=a", "100:1 INSERT id=b", "200:0 INSERT id=c")), capture.batches());
    }

    @Test
    void aLargeTransactionIsCutAndItsOrdinalsContinue() throws Exception {
        capture.begin(100).relation("id");
        for (int i = 0; i < 8; i++) {
            capture.insert(WIDE);
        }
        capture.commit(100).settle();
        assertEquals(
                List.of(
                        "FIRST 100-100 end 0 from 0 count 3",
                        "MIDDLE 100-100 end 0 from 3 count 3",
                        "LAST 100-100 end 110 from 6 count 2"),
                capture.segments());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            expected.add("100:" + i + " INSERT id=1200 bytes");
        }
        assertEquals(expected, capture.changes());
    }

    @Test
    void transactionsBeforeALargeOneGetTheirOwnSegment() throws Exception {
        capture.begin(100).relation("id").insert("small").commit(100);
        capture.begin(200)
                .insert(WIDE)
                .insert(WIDE)
                .insert(WIDE)
                .insert(WIDE)
                .commit(200)
                .settle();
        assertEquals(
                List.of(
                        "TRANSACTIONS 100-100 end 110 from 0 count 1",
                        "FIRST 200-200 end 0 from 0 count 3",
                        "LAST 200-200 end 210 from 3 count 1"),
                capture.segments());
        assertEquals(5, capture.changes().size());
        assertEquals("200:3 INSERT id=1200 bytes", capture.changes().get(4));
    }

    @Test
    void aTransactionThatFitsTheNextSegmentIsNotCut() throws Exception {
        capture.begin(100).relation("id").insert(WIDE).insert(WIDE).commit(100);
        capture.begin(200).insert(WIDE).insert(WIDE).commit(200).settle();
        assertEquals(
                List.of("TRANSACTIONS 100-100 end 110 from 0 count 2", "TRANSACTIONS 200-200 end 210 from 0 count 2"),
                capture.segments());
        assertEquals(4, capture.changes().size());
    }

    @Test
    void eachPartRepeatsTheOrigin() throws Exception {
        capture.begin(100).frame(Frames.origin("berlin")).relation("id");
        capture.insert(WIDE).insert(WIDE).insert(WIDE).insert(WIDE).commit(100);
        capture.transaction(200, "home").settle();
        assertEquals("100:3 INSERT from berlin id=1200 bytes", capture.changes().get(3));
        assertEquals("200:0 INSERT id=home", capture.changes().get(4));
    }

    @Test
    void aLayoutChangedInATransactionAppliesToLaterRows() throws Exception {
        capture.begin(100).relation("id").insert("a").relation("id", "name").insert("b", "Bea");
        capture.insert("c", "Cleo").commit(100);
        capture.transaction(200).settle();
        assertEquals(
                List.of("100:0 INSERT id=a", "100:1 INSERT id=b name=Bea", "100:2 INSERT id=c name=Cleo"),
                capture.changes());
    }

    @Test
    void aPartAfterALayoutChangeNamesTheNewVersion() throws Exception {
        capture.begin(100).relation("id").insert(WIDE).insert(WIDE).relation("id", "name");
        capture.insert(WIDE, "x")
                .insert(WIDE, "y")
                .insert(WIDE, "z")
                .commit(100)
                .settle();
        assertTrue(capture.segments().size() > 1, capture.segments().toString());
        assertEquals("100:4 INSERT id=1200 bytes name=z", capture.changes().get(4));
    }

    @Test
    void aSegmentIsBoundedInChanges() throws Exception {
        capture.relation("id");
        capture.begin(100);
        for (int i = 0; i < 2 * CaptureFixture.SEGMENT_CHANGES + 1; i++) {
            capture.insert("");
        }
        capture.commit(100);
        for (int commit = 200; commit < 200 + CaptureFixture.SEGMENT_CHANGES + 1; commit++) {
            capture.transaction(commit, "");
        }
        capture.settle();
        assertEquals(
                List.of(
                        "FIRST 100-100 end 0 from 0 count 100",
                        "MIDDLE 100-100 end 0 from 100 count 100",
                        "LAST 100-100 end 110 from 200 count 1"),
                capture.segments().subList(0, 3));
        assertEquals(302, capture.changes().size());
        assertTrue(capture.batches().stream().allMatch(batch -> batch.size() <= CaptureFixture.SEGMENT_CHANGES));
    }

    @Test
    void truncateCountsEachTable() throws Exception {
        capture.begin(100).relation("id").frame(Frames.relation(7, "orders", "id"));
        capture.frame(Frames.truncate(CaptureFixture.USERS, 7))
                .insert("a")
                .commit(100)
                .settle();
        assertEquals(List.of("100:0 TRUNCATE", "100:1 TRUNCATE", "100:2 INSERT id=a"), capture.changes());
        assertEquals(List.of("TRANSACTIONS 100-100 end 110 from 0 count 3"), capture.segments());
    }

    @Test
    void anEmptyTransactionIsNotStoredAndMayBeAcknowledged() throws Exception {
        capture.begin(100)
                .frame(Frames.origin("berlin"))
                .relation("id")
                .commit(100)
                .settle();
        assertEquals(List.of(), capture.segments());
        assertEquals(110, capture.acknowledgement.flushLsn(0));
    }

    @Test
    void anEmptyTransactionAfterAnUnsafeOneIsNotAcknowledged() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.begin(200).commit(200).settle();
        assertEquals(0, capture.acknowledgement.flushLsn(0));
        assertEquals(210, capture.acknowledgement.flushLsn(110));
    }

    @Test
    void storedTransactionsAreSkippedAfterARestart() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.transaction(200, "b").settle();
        reopen(200, 200);
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.transaction(200, "b").transaction(300, "c").settle();
        assertEquals(List.of("100:0 INSERT id=a", "200:0 INSERT id=b", "300:0 INSERT id=c"), capture.changes());
    }

    @Test
    void aMessageOutsideTransactionsComesBeforeTheCommitAtItsLsn() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.frame(Frames.message(false, 200, "hello")).transaction(200, "b").settle();
        assertEquals(List.of("100:0 INSERT id=a", "200:-1 MESSAGE", "200:0 INSERT id=b"), capture.changes());
    }

    @Test
    void aMessageAndTheCommitAtItsLsnAreNotRepeated() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.frame(Frames.message(false, 200, "hello")).settle();
        reopen(199, 200);
        capture.frame(Frames.message(false, 200, "hello"));
        capture.begin(200).relation("id").insert("b").commit(200).settle();
        assertEquals(List.of("100:0 INSERT id=a", "200:-1 MESSAGE", "200:0 INSERT id=b"), capture.changes());
        reopen(200, 200);
        capture.frame(Frames.message(false, 200, "hello"));
        capture.begin(200).relation("id").insert("b").commit(200).settle();
        assertEquals(3, capture.changes().size());
    }

    @Test
    void anUnsafeMessageHoldsTheKeepaliveBack() throws Exception {
        capture.frame(Frames.message(false, 200, "hello"));
        capture.acknowledgement.quietUntil(500);
        assertEquals(0, capture.acknowledgement.flushLsn(0));
        assertEquals(500, capture.acknowledgement.flushLsn(200));
    }

    @Test
    void aDurableMessageIsSafeUpToItsLsn() throws Exception {
        capture.frame(Frames.message(false, 200, "hello")).settle();
        assertEquals(List.of("MESSAGE 200-200 end 200 from -1 count 1"), capture.segments());
        assertEquals(200, capture.progress.durableMark().endLsn());
    }

    @Test
    void aTransactionalMessageIsAChangeOfItsTransaction() throws Exception {
        capture.begin(100)
                .relation("id")
                .insert("a")
                .frame(Frames.message(true, 50, "hello"))
                .insert("b");
        capture.commit(100).settle();
        assertEquals(List.of("100:0 INSERT id=a", "100:1 MESSAGE", "100:2 INSERT id=b"), capture.changes());
    }

    @Test
    void anOpenTransactionIsDroppedWhenTheConnectionEnds() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        capture.begin(200).insert("b");
        capture.segment.discardOpenTransaction();
        capture.settle();
        assertEquals(List.of("100:0 INSERT id=a"), capture.changes());
    }

    @Test
    void aRowLargerThanAllowedNamesTableAndSize() {
        capture.begin(100).relation("id");
        SourceException e =
                assertThrows(SourceException.class, () -> capture.insert("x".repeat(CaptureFixture.MAX_ROW_BYTES)));
        assertEquals(ErrorCode.ROW_TOO_LARGE, e.code());
        assertTrue(e.getMessage().contains("shop.users takes 10013 bytes"), e.getMessage());
    }

    @Test
    void aMessageLargerThanAllowedNamesItsPrefixAndSize() {
        String content = "x".repeat(CaptureFixture.MAX_ROW_BYTES);
        SourceException e =
                assertThrows(SourceException.class, () -> capture.frame(Frames.message(false, 200, content)));
        assertEquals(ErrorCode.ROW_TOO_LARGE, e.code());
        assertTrue(e.getMessage().startsWith("a logical message with prefix \""), e.getMessage());
        capture.begin(300);
        assertThrows(SourceException.class, () -> capture.frame(Frames.message(true, 250, content)));
    }

    @Test
    void aHeartbeatIsDroppedAndMovesTheAcknowledgement() throws Exception {
        capture.frame(Frames.message(false, 200, "x", Heartbeat.PREFIX)).settle();
        assertEquals(List.of(), capture.changes());
        assertEquals(200, capture.acknowledgement.flushLsn(0));
    }

    @Test
    void aRowBeforeItsLayoutIsRefused() {
        capture.begin(100);
        DecodeException e = assertThrows(DecodeException.class, () -> capture.insert("a"));
        assertEquals(ErrorCode.STREAM_OUT_OF_ORDER, e.code());
    }

    @Test
    void aRowOutsideATransactionIsRefused() {
        assertEquals(
                ErrorCode.STREAM_OUT_OF_ORDER,
                assertThrows(DecodeException.class, () -> capture.insert("a")).code());
    }

    // ---- tailer

    private void cutOff(long commitLsn) {
        capture.begin(commitLsn).relation("id");
        for (int i = 0; i < 7; i++) {
            capture.insert(WIDE);
        }
        capture.segment.discardOpenTransaction();
    }

    @Test
    void onlyTheRepeatOfACutOffTransactionIsGivenOut() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100);
        cutOff(200);
        capture.settle();
        assertEquals(List.of("100:0 INSERT id=a"), capture.changes());
        reopen(100, 100);
        cutOff(200);
        capture.settle();
        reopen(100, 100);
        capture.begin(200).relation("id");
        for (int i = 0; i < 7; i++) {
            capture.insert(WIDE);
        }
        capture.commit(200).transaction(300, "z").settle();
        List<String> changes = capture.changes();
        assertEquals(9, changes.size(), changes.toString());
        assertEquals("200:6 INSERT id=1200 bytes", changes.get(7));
        assertEquals("300:0 INSERT id=z", changes.get(8));
    }

    @Test
    void nothingAfterTheDurableMarkIsGivenOut() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100).settle();
        long durable = capture.progress.durableMark().index();
        capture.transaction(200, "b");
        capture.segment.closeIfWhole();
        capture.store.sync();
        SegmentView buffer = new SegmentView();
        try (Tailer tailer = new Tailer(capture.store, SegmentStore.NONE)) {
            assertTrue(tailer.next(buffer, durable));
            // on disk, but not reported as durable: only the mark counts
            assertFalse(tailer.next(buffer, durable));
            assertFalse(tailer.next(buffer, durable));
            assertTrue(tailer.waitsAfter() >= durable);
            assertTrue(tailer.next(buffer, capture.store.lastIndex()));
            assertEquals(200, buffer.header().lastCommitLsn());
        }
    }

    @Test
    void aTailerAtTheEndWaitsForMore() throws Exception {
        capture.begin(100).relation("id").insert("a").commit(100).settle();
        long last = capture.progress.durableMark().index();
        try (Tailer tailer = new Tailer(capture.store, last + 1)) {
            assertFalse(tailer.next(new SegmentView(), last));
            assertEquals(last, tailer.waitsAfter());
        }
    }
}
