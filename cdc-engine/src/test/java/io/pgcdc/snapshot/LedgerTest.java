package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.SegmentStore;
import java.util.List;
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
        assertEquals("2.0-4.0,10.0-", done());
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
        file.text = "format 2\nshape round\n";
        assertEquals(
                ErrorCode.QUEUE_FORMAT,
                assertThrows(QueueException.class, () -> Ledger.open(file)).code());
    }
}
