package io.pgcdc.connect.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.queue.QueueIdentity;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

/** One offset names the snapshots that were ordered. */
class OrderedSnapshotsTest {

    private static final OffsetStorageReader NOTHING_KEPT = new OffsetStorageReader() {
        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return null;
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            return Map.of();
        }
    };

    private final SourceState state = SourceState.load(
            "shop", "cdc", NOTHING_KEPT, () -> new QueueIdentity("77", "shop", 5, "cdc", 1, Instant.EPOCH));

    private static String order(String id) {
        return "format 2\norder " + id + "\nphase INTENDED\nlsn 0/0\n";
    }

    private void order(int number) {
        String id = "s" + number;
        state.ledger(id, order(id));
    }

    @Test
    void tooManyAreRefusedUntilOneIsRead() {
        for (int i = 0; i < SourceState.MAX_ORDERED; i++) {
            order(i);
        }
        SourceException e = assertThrows(SourceException.class, () -> order(SourceState.MAX_ORDERED));
        assertEquals(ErrorCode.SNAPSHOT_REFUSED, e.code());
        order(0);
        assertEquals(SourceState.MAX_ORDERED, state.ordered().size());
        state.delete("s0");
        order(SourceState.MAX_ORDERED);
        assertTrue(state.ordered().contains("s" + SourceState.MAX_ORDERED));
    }

    @Test
    void anOrderThatIsTooLongLeavesNothing() {
        String text = order("s1") + "where " + "a".repeat(1_000_000) + "\n";
        assertThrows(SourceException.class, () -> state.ledger("s1", text));
        assertEquals(List.of(), state.ordered());
    }
}
