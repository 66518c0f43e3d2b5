package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.Frames;
import io.pgcdc.capture.KeyedChange;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.TableName;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.SegmentStore;
import java.util.List;
import java.util.Set;
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
            byte[] frame = Frames.update(TABLE, null, key(row), "1", whole ? "big" : null);
            rows.changed(
                    TABLE, new KeyedChange().read(frame, 0, frame.length, Lsn.INVALID, ModelSnapshotServer.LAYOUT));
        }
        return rows.committed();
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
        ledger.appended(new ChunkRange(table, table.files().get(0), 0, TidRange.parse("0.0-10.0")), SegmentStore.NONE);
        assertTrue(ledger.isWhole(TABLE));
        assertEquals(Set.of(), update(false, 0, 2_000));
        assertFalse(ledger.hasIncomplete(TABLE));
    }
}
