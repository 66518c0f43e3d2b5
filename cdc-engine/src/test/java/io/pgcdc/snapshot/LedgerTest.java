package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.RowKey;
import io.pgcdc.catalog.KeyColumns.KeyColumn;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.SegmentStore;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final class MemoryFile implements LedgerFile {
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
        public String toString() {
            return "memory";
        }
    }

    private final MemoryFile file = new MemoryFile();
    private final SnapshotTable users = TestTables.table(100, "users", 10);

    private Ledger begun() {
        Ledger ledger = Ledger.open(file);
        assertNull(ledger.phase());
        ledger.intend();
        assertEquals(Ledger.Phase.INTENDED, Ledger.open(file).phase());
        ledger.plan(0x1234, List.of(users));
        ledger.bound(List.of(users));
        return ledger;
    }

    private String done() {
        Ledger.FileProgress progress = Ledger.open(file).files().get(100);
        return progress == null ? "unknown" : progress.done().toString();
    }

    private ChunkRange range(String range) {
        return new ChunkRange(users, users.files().get(0), 0, TidRange.parse(range));
    }

    @Test
    void aRangeIsWrittenDownWhenItsChunkIsDurable() {
        Ledger ledger = begun();
        assertEquals(0x1234, Ledger.open(file).lsn());
        assertEquals("10.0-", done(), "blocks that were not there hold no row");
        ledger.appended(range("0.0-2.0"), 7);
        ledger.appended(range("2.0-4.0"), SegmentStore.NONE);
        ledger.appended(range("6.0-8.0"), 9);
        ledger.durableThrough(6);
        assertEquals("10.0-", done(), "a chunk without rows waits for those before it");
        ledger.durableThrough(8);
        assertEquals("0.0-4.0,10.0-", done());
        ledger.durableThrough(9);
        assertEquals("0.0-4.0,6.0-8.0,10.0-", done());
    }

    @Test
    void theEndIsWrittenDown() {
        Ledger ledger = begun();
        ledger.appended(range("0.0-10.0"), 7);
        ledger.finish();
        assertEquals(Ledger.Phase.FINISHED, Ledger.open(file).phase());
    }

    @Test
    void anotherTextIsDamageOrNewer() {
        file.text = "format 1\nphase SLEEPING\n";
        assertEquals(
                ErrorCode.QUEUE_DAMAGED,
                assertThrows(QueueException.class, () -> Ledger.open(file)).code());
        file.text = "format 3\nshape round\n";
        assertEquals(
                ErrorCode.QUEUE_FORMAT,
                assertThrows(QueueException.class, () -> Ledger.open(file)).code());
    }

    private static SnapshotTable rewritten(long filenode) {
        SnapshotTable before = TestTables.table(100, "users", 10);
        TableFile file = before.files().get(0);
        return TestTables.table(
                before.layout(), List.of(new TableFile(file.oid(), file.name(), filenode, file.blocks())));
    }

    private static ChunkFromKey upTo(SnapshotTable table, int pass, @Nullable RowKey key) {
        return new ChunkFromKey(table, pass, null, 10, key);
    }

    private Ledger.KeyProgress byKey() {
        return Objects.requireNonNull(Ledger.open(file).byKey(100));
    }

    @Test
    void aTableThatWasRewrittenIsReadByItsKeyAndTheNextRewriteChangesNothing() {
        RowKey key = RowKey.ofHex("0000000131");
        Ledger ledger = begun();
        ledger.appended(range("0.0-2.0"), SegmentStore.NONE);
        assertNull(ledger.byKey(100));
        SnapshotTable second = rewritten(7);
        ledger.plan(0, List.of(second));
        assertEquals(new Ledger.KeyProgress(0, null), byKey());
        ledger.appended(upTo(second, 0, key), 3);
        assertNull(byKey().after());
        ledger.durableThrough(3);
        assertEquals(key, byKey().after());
        SnapshotTable third = rewritten(8);
        ledger.plan(0, List.of(third));
        assertEquals(key, byKey().after());
        ledger.appended(upTo(third, 0, null), SegmentStore.NONE);
        ledger.durableThrough(3);
        assertTrue(Ledger.open(file).isWhole());
        ledger.plan(0, List.of(rewritten(9)));
        assertTrue(Ledger.open(file).isWhole(), "each later change is streamed");
    }

    @Test
    void aTableThatIsBegunAgainIsReadFromItsFirstKey() {
        RowKey key = RowKey.ofHex("0000000131");
        Ledger ledger = begun();
        SnapshotTable second = rewritten(7);
        ledger.plan(0, List.of(second));
        ledger.appended(upTo(second, 0, key), SegmentStore.NONE);
        ledger.again(100);
        ledger.plan(0, List.of(second));
        assertEquals(new Ledger.KeyProgress(1, null), byKey());
        ledger.found(upTo(second, 0, null).description());
        assertFalse(ledger.isWhole(), "the chunk is of an earlier pass");
        ledger.found(upTo(second, 1, key).description());
        ledger.durableThrough(0);
        assertEquals(key, byKey().after());
    }

    /** A key's last value tells nothing in another order. */
    @Test
    void aTableWhoseKeyIsSortedOtherwiseIsBegunAgain() {
        Ledger ledger = begun();
        SnapshotTable second = sorted(rewritten(7), "en 2.36");
        ledger.plan(0, List.of(second));
        ledger.appended(upTo(second, 0, RowKey.ofHex("0000000131")), SegmentStore.NONE);
        ledger.plan(0, List.of(second));
        assertNotNull(byKey().after());
        SnapshotTable third = sorted(second, "en 2.37");
        assertFalse(ledger.fits(List.of(third)));
        ledger.plan(0, List.of(third));
        assertEquals(new Ledger.KeyProgress(1, null), byKey());
    }

    private static SnapshotTable sorted(SnapshotTable table, String order) {
        return new SnapshotTable(
                table.layout(), table.files(), List.of(new KeyColumn("id", "=", null, null, order)), null);
    }

    /** The keys of the list are of no use any more. */
    @Test
    void aTableWhoseKeyIsAnotherIsBegunAgainIfRowsWait() {
        Ledger ledger = begun();
        ledger.appended(range("0.0-4.0"), SegmentStore.NONE);
        ledger.incomplete(100, RowKey.ofHex("0000000131"));
        SnapshotTable same = TestTables.table(
                new Relation(
                        0,
                        100,
                        "public",
                        "users",
                        ReplicaIdentity.DEFAULT,
                        List.of(new Column("id", PgType.base(20, "int8"), -1, true)),
                        List.of(0),
                        users.layout().publications()),
                users.files());
        assertFalse(ledger.fits(List.of(same)), "it must be planned first");
        ledger.plan(0, List.of(same));
        assertTrue(ledger.fits(List.of(same)));
        assertFalse(Ledger.open(file).hasIncomplete(100));
        assertEquals("", done(), "all its rows come again");
    }
}
