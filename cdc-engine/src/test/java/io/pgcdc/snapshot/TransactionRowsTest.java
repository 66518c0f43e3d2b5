package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.Frames;
import io.pgcdc.capture.KeyedChange;
import io.pgcdc.capture.RowKey;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.TableName;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.SegmentStore;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of 1,000 bytes, in a ledger with room for four of them a table. */
class TransactionRowsTest {

    private static final int TABLE = ModelDatabase.OID;
    private static final int MAX_KEY_BYTES = 10_000;

    private final SnapshotTable table = TestTables.table(
            ModelSnapshotServer.LAYOUT,
            List.of(new TableFile(TABLE, new TableName("public", ModelDatabase.NAME), TABLE, 10)));
    private final Text file = new Text();
    private final Ledger ledger = Ledger.open(file);
    private final TransactionRows rows = new TransactionRows(ledger, 1_000);

    private static final class Text implements LedgerFile {
        @Nullable
        String text;

        @Override
        public @Nullable String read() {
            return text;
        }

        @Override
        public void write(String newText) {
            text = newText;
        }

        @Override
        public long maxKeyBytes() {
            return MAX_KEY_BYTES;
        }
    }

    @BeforeEach
    void begin() {
        ledger.intend();
        ledger.plan(Lsn.INVALID, List.of(table));
        ledger.bound(List.of(table));
    }

    private static String key(int row) {
        return "%04d".formatted(row) + "k".repeat(996);
    }

    /** An UPDATE of each row in one transaction. Returns the tables that are begun again. */
    private Set<Integer> update(boolean whole, int from, int to) {
        rows.begun();
        for (int row = from; row < to; row++) {
            change(Frames.update(TABLE, null, key(row), "1", whole ? "big" : null));
        }
        return rows.committed(SegmentStore.NONE);
    }

    private static KeyedChange read(byte[] frame) {
        return new KeyedChange().read(frame, 0, frame.length, Lsn.INVALID, ModelSnapshotServer.LAYOUT);
    }

    private static RowKey rowKey(int row) {
        RowKey key = read(Frames.insert(TABLE, key(row), "1", "big")).newKey();
        assertNotNull(key);
        return key;
    }

    private void change(byte[] frame) {
        rows.changed(TABLE, read(frame));
    }

    /** An UPDATE that changes a row's key. */
    private void move(int from, int to, boolean whole) {
        change(Frames.update(TABLE, key(from), key(to), "1", whole ? "big" : null));
    }

    private void delete(int row) {
        change(Frames.delete(TABLE, ModelDatabase.COLUMNS.size(), key(row)));
    }

    private void readAll() {
        ledger.appended(new ChunkRange(table, table.files().get(0), 0, TidRange.parse("0.0-10.0")), SegmentStore.NONE);
        assertTrue(ledger.isWhole(TABLE));
    }

    private void assertIncomplete(Integer... expected) {
        assertEquals(
                Stream.of(expected).map(row -> rowKey(row)).collect(Collectors.toSet()),
                ledger.someIncomplete(TABLE, Integer.MAX_VALUE));
    }

    private int textLength() {
        ledger.durableThrough(0);
        return String.valueOf(file.text).length();
    }

    @Test
    void longKeysOfManyTransactionsBeginTheTableAgain() {
        int empty = textLength();
        assertEquals(Set.of(), update(false, 0, 1));
        assertEquals(Set.of(), update(false, 1, 4));
        assertEquals(4, ledger.countIncomplete(TABLE));
        assertTrue(textLength() > empty + 4 * 2_000, "the keys are in the text");
        assertTrue(textLength() <= empty + MAX_KEY_BYTES, "the text is longer than it may be");
        assertEquals(Set.of(TABLE), update(false, 4, 5));
        assertFalse(ledger.hasIncomplete(TABLE));
        assertTrue(textLength() <= empty, "the keys are still in the text");
    }

    @Test
    void longKeysOfOneTransactionBeginTheTableAgain() {
        assertEquals(Set.of(), update(false, 0, 4));
        begin();
        assertEquals(Set.of(TABLE), update(false, 0, 5));
        assertFalse(ledger.hasIncomplete(TABLE));
    }

    @Test
    void aRowCountsOnceAndNotWhenItIsWhole() {
        assertEquals(Set.of(), update(false, 0, 4));
        assertEquals(Set.of(), update(false, 0, 4));
        assertEquals(Set.of(), update(true, 0, 3));
        assertEquals(Set.of(), update(false, 4, 7));
        assertEquals(4, ledger.countIncomplete(TABLE));
        assertEquals(Set.of(TABLE), update(false, 7, 8));
    }

    @Test
    void aLedgerThatIsReadAgainKnowsItsLength() {
        update(false, 0, 4);
        textLength();
        Ledger read = Ledger.open(file);
        assertEquals(ledger.incompleteBytes(TABLE), read.incompleteBytes(TABLE));
        assertTrue(read.incompleteBytes(TABLE) > 4 * 2_000);
    }

    /** All its rows were delivered whole, so their later changes lack nothing. */
    @Test
    void aTableWhoseRowsAreAllReadIsNotBegunAgain() {
        readAll();
        assertEquals(Set.of(), update(false, 0, 2_000));
        assertFalse(ledger.hasIncomplete(TABLE));
    }

    @Test
    void anIncompleteRowStaysIncompleteUnderItsNewKey() {
        update(false, 1, 2);
        readAll();
        rows.begun();
        move(1, 2, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete(2);
    }

    @Test
    void aRowMayMoveTwiceInOneTransaction() {
        update(false, 1, 2);
        readAll();
        rows.begun();
        move(1, 2, false);
        move(2, 3, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete(3);
    }

    @Test
    void aRowMayMoveAndComeBack() {
        update(false, 1, 2);
        readAll();
        rows.begun();
        move(1, 2, false);
        move(2, 1, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete(1);
    }

    @Test
    void aRowMovesOntoAKeyThatIsGone() {
        update(false, 1, 3);
        readAll();
        rows.begun();
        delete(2);
        move(1, 2, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete(2);
    }

    /** The row that it was before is another one. */
    @Test
    void aWholeRowMovesOntoAKeyThatWasIncomplete() {
        update(false, 2, 3);
        readAll();
        rows.begun();
        delete(2);
        move(1, 2, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete();
    }

    @Test
    void aRowIsWholeOrGoneAfterItsMove() {
        update(false, 1, 3);
        readAll();
        rows.begun();
        move(1, 3, false);
        change(Frames.update(TABLE, null, key(3), "2", "big"));
        move(2, 4, false);
        delete(4);
        rows.committed(SegmentStore.NONE);
        assertIncomplete();
    }

    @Test
    void aMoveWithAllValuesMakesTheRowWhole() {
        update(false, 1, 2);
        readAll();
        rows.begun();
        move(1, 2, true);
        rows.committed(SegmentStore.NONE);
        assertIncomplete();
    }

    @Test
    void aMoveThatWasCutOffDoesNotCount() {
        update(false, 1, 2);
        readAll();
        rows.begun();
        move(1, 2, false);
        rows.begun();
        move(1, 3, false);
        rows.committed(SegmentStore.NONE);
        assertIncomplete(3);
    }

    /** The chunk has the row that had the key before. */
    @Test
    void aRowThatMovedOntoAKeyOutlastsAnEarlierChunk() {
        update(false, 1, 3);
        readAll();
        ledger.appended(TABLE, List.of(rowKey(2)), 7);
        rows.begun();
        delete(2);
        move(1, 2, false);
        rows.committed(7);
        ledger.durableThrough(7);
        assertIncomplete(2);
    }

    /** A crash loses what is not durable, and the server repeats it. */
    @Test
    void aMoveThatIsRepeatedFindsTheRow() {
        update(false, 1, 2);
        readAll();
        ledger.durableThrough(6);
        moveOntoAKeyThatWasUsed(rows);
        ledger.durableThrough(6);
        Ledger again = Ledger.open(file);
        moveOntoAKeyThatWasUsed(new TransactionRows(again, 1_000));
        assertTrue(again.isIncomplete(TABLE, rowKey(2)));
        ledger.durableThrough(7);
        assertFalse(Ledger.open(file).isIncomplete(TABLE, rowKey(1)), "its move is durable");
    }

    private static void moveOntoAKeyThatWasUsed(TransactionRows rows) {
        rows.begun();
        rows.changed(TABLE, read(Frames.insert(TABLE, key(2), "1", "big")));
        rows.committed(6);
        rows.begun();
        rows.changed(TABLE, read(Frames.delete(TABLE, ModelDatabase.COLUMNS.size(), key(2))));
        rows.changed(TABLE, read(Frames.update(TABLE, key(1), key(2), "1", null)));
        rows.committed(6);
    }
}
