package io.pgcdc.connect.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

/** A ledger as offsets, one a table. */
class LedgerOffsetsTest {

    private static final Map<String, String> STREAM = Partitions.stream("77", "shop", "cdc");
    private static final String HEADER = "format 2\norder initial\nphase READING\nlsn 0/10\n";

    private final Map<Map<String, ?>, Map<String, Object>> kept = new HashMap<>();
    private LedgerOffsets ledger = LedgerOffsets.begin(STREAM, "initial");

    private final OffsetStorageReader reader = new OffsetStorageReader() {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return kept.get(partition);
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
            partitions.forEach(partition -> found.put(partition, kept.get(partition)));
            return found;
        }
    };

    private List<Map<String, String>> write(String text, String generation) {
        List<KeptOffset> changed = ledger.change(text, generation);
        changed.forEach(offset -> kept.put(offset.partition(), offset.offset()));
        return changed.stream().map(KeptOffset::partition).toList();
    }

    private static String table(int oid, String ranges) {
        return "file " + oid + " " + oid + " 900" + oid + " 0 public.t" + oid + " " + ranges + "\nkey " + oid + " id\n";
    }

    @Test
    void onlyTheTableThatChangedIsWritten() {
        write(HEADER + table(1, "") + table(2, ""), "a");
        assertEquals(
                List.of(Partitions.table(STREAM, "initial", "2")),
                write(HEADER + table(1, "") + table(2, "0.0-8.0"), "b"));
        Map<String, Object> offset = kept.get(Partitions.table(STREAM, "initial", "2"));
        assertEquals("0.0-8.0", offset.get("upper"));
        assertEquals(9002L, offset.get("filenode"));
        assertEquals(false, offset.get("done"));
        write(HEADER + table(1, "") + table(2, "0.0-"), "c");
        assertEquals(true, kept.get(Partitions.table(STREAM, "initial", "2")).get("done"));
        assertEquals(
                HEADER + table(1, "") + table(2, "0.0-"),
                LedgerOffsets.load(STREAM, "initial", reader).text());
    }

    @Test
    void aTableWhoseOffsetIsMissingOrOlderMakesTheSnapshotBeginAgain() {
        write(HEADER + table(1, "0.0-") + table(2, ""), "a");
        Map<String, Object> old = kept.remove(Partitions.table(STREAM, "initial", "2"));
        assertNull(LedgerOffsets.load(STREAM, "initial", reader).text());
        Map<String, Object> other = new HashMap<>(old);
        other.put("generation", "earlier");
        kept.put(Partitions.table(STREAM, "initial", "2"), other);
        assertNull(LedgerOffsets.load(STREAM, "initial", reader).text());
    }

    @Test
    void aSnapshotThatBeginsAgainDoesNotReadTheOffsetsOfTheEarlierOne() {
        write(HEADER + table(1, "0.0-"), "a");
        String intended = "format 2\norder initial\nphase INTENDED\nlsn 0/0\n";
        write(intended, "b");
        assertEquals(intended, LedgerOffsets.load(STREAM, "initial", reader).text());
        ledger = LedgerOffsets.load(STREAM, "initial", reader);
        assertEquals(2, write(HEADER + table(1, "0.0-"), "c").size());
        assertEquals("b", kept.get(Partitions.table(STREAM, "initial", "1")).get("generation"));
    }

    @Test
    void aFinishedSnapshotNeedsNoTable() {
        write(HEADER + table(1, "0.0-"), "a");
        String finished = HEADER.replace("READING", "FINISHED");
        write(finished + table(1, "0.0-"), "b");
        kept.remove(Partitions.table(STREAM, "initial", "1"));
        assertEquals(finished, LedgerOffsets.load(STREAM, "initial", reader).text());
    }

    @Test
    void thereIsNoneAtFirst() {
        assertNull(LedgerOffsets.load(STREAM, "initial", reader).text());
    }

    private static void assertRefused(String text, String happened) {
        SourceException e =
                assertThrows(SourceException.class, () -> LedgerOffsets.requireRoom(SourceState.INITIAL, text));
        assertEquals(ErrorCode.SNAPSHOT_REFUSED, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains(happened), e.getMessage());
    }

    @Test
    void aTableWithTooManyFilesIsRefused() {
        String file = "file 16384 %d 90001 0 public.measurements_of_a_day_%d 0.0-80.0%n";
        StringBuilder lines = new StringBuilder(HEADER);
        for (int i = 0; i < 5_000; i++) {
            lines.append(file.formatted(20_000 + i, i));
        }
        String rows = ("incomplete 16384 " + "00".repeat(1_000) + "\n").repeat(120);
        LedgerOffsets.requireRoom(SourceState.INITIAL, lines + rows + table(1, ""));
        for (int i = 0; i < 10_000; i++) {
            lines.append(file.formatted(30_000 + i, i));
        }
        assertRefused(lines + table(1, ""), "the table with oid 16384 takes");
        assertRefused(lines + table(1, ""), "thousands of partitions");
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        assertRefused(
                HEADER + table(1, "") + "by_key 1 0 " + "61".repeat(400_000) + "\n", "key that was read is so long");
    }

    @Test
    void tooManyTablesAreRefused() {
        StringBuilder lines = new StringBuilder(HEADER);
        for (int i = 0; i < 120_000; i++) {
            lines.append("key ").append(16_384 + i).append(" id\n");
        }
        assertRefused(lines.toString(), "the list of tables and the condition of snapshot initial takes");
        assertRefused(HEADER + "where " + "a".repeat(1_000_000) + "\n", "the condition");
    }
}
