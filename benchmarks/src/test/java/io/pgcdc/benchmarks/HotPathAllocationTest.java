package io.pgcdc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** From a stored segment to lines of the native format nothing is allocated a change or a transaction, once all is warm. */
class HotPathAllocationTest {

    private static final int WARM_UP_BATCHES = 200;
    private static final int MEASURED_BATCHES = 100;

    /** For the iterator or boxed number that a batch, not a change, may cost. */
    private static final long MOST_BYTES_A_BATCH = 256;

    @Test
    void aNarrowInsertAllocatesNothing() {
        assertNothingAllocated(StoredSegment.narrowInserts());
    }

    @Test
    void aWideUpdateWithItsWholeOldRowAllocatesNothing() {
        assertNothingAllocated(StoredSegment.wideUpdates());
    }

    @Test
    void tablesInTurnAllocateNothing() {
        assertNothingAllocated(StoredSegment.mixedTables());
    }

    private static void assertNothingAllocated(StoredSegment segment) {
        SegmentBatch batch = segment.batch();
        NativeFormat format = new NativeFormat();
        JsonBuffer lines = new JsonBuffer();
        Consumer<Change> append = change -> {
            format.append(change, lines);
            lines.appendByte('\n');
        };
        for (int i = 0; i < WARM_UP_BATCHES; i++) {
            lines.clear();
            batch.forEach(append);
        }
        assertEquals(StoredSegment.CHANGES, lines.toString().lines().count());

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MEASURED_BATCHES; i++) {
            lines.clear();
            batch.forEach(append);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(
                bytes <= MEASURED_BATCHES * MOST_BYTES_A_BATCH,
                bytes + " bytes for " + MEASURED_BATCHES + " batches of " + StoredSegment.CHANGES + " changes");
    }
}
