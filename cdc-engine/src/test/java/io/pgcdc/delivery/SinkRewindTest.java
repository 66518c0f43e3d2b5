package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Inbox.Refusal;
import io.pgcdc.model.Position;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.QueueRetention;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.MemorySegmentStore;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.TestSegments;
import io.pgcdc.queue.disk.CheckpointFile;
import io.pgcdc.sink.Durability;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink goes back while capture deletes files that no sink needs. */
class SinkRewindTest {

    @TempDir
    Path directory;

    private final MemorySegmentStore store = new MemorySegmentStore();
    private final QueueProgress queue = new QueueProgress(new QueueProgress.Mark(-1, 0, 0));
    private final QueueRetention retention = new QueueRetention(store);
    private CheckpointFile<CaptureCheckpoint> captureFile;
    private SinkProgress progress;
    private CaptureState capture;
    private SinkRewind rewind;
    private int transactions;

    @BeforeEach
    void open() {
        captureFile = CheckpointFile.open(directory.resolve("capture"), CaptureCheckpoint.LAYOUT);
        progress =
                new SinkProgress(CheckpointFile.open(directory.resolve("out"), SinkCheckpoint.LAYOUT), 0, Clock.SYSTEM);
        retention.add(progress);
        capture = new CaptureState(captureFile, retention, queue, 0, Long.MAX_VALUE, index -> {});
        rewind = new SinkRewind("out", store, retention, queue, progress);
    }

    @AfterEach
    void close() {
        captureFile.close();
        progress.close();
    }

    /** Stores and delivers {@code count} transactions. Returns the position of the first. */
    private Position deliver(int count) {
        Position first = new Position(0, transactions + 1, 0);
        for (int i = 0; i < count; i++) {
            long index = store.append(TestSegments.whole(++transactions, 10));
            queue.appended(index, transactions, transactions + 1);
            store.sync();
            queue.durable(new QueueProgress.Mark(index, transactions, transactions + 1));
            progress.delivered(index, new Position(0, transactions, 0), transactions + 1, Durability.DURABLE);
        }
        capture.acknowledge(0); // records the queue's end; keeps all files
        return first;
    }

    private long next() {
        try (SegmentReader reader = store.reader(progress.nextIndex())) {
            assertTrue(reader.next(new SegmentView()));
            return reader.index();
        }
    }

    @Test
    void heldFilesStayUntilTheCheckpointIsForced() {
        deliver(5);
        long stored = store.storedBytes();
        retention.hold(progress);
        capture.releaseAll();
        assertEquals(stored, store.storedBytes());
        progress.force();
        capture.releaseAll();
        assertTrue(store.storedBytes() < stored);
    }

    @Test
    void aRewoundSinkKeepsTheFilesItNeedsAgain() throws Refusal {
        Position first = deliver(5);
        progress.force();
        rewind.to(first);
        capture.releaseAll();
        assertEquals(progress.nextIndex(), next());
        assertEquals(first, progress.position());
    }

    @Test
    void aRefusedRewindChangesAndHoldsNothing() {
        Position first = deliver(5);
        progress.force();
        capture.releaseAll();
        Position has = progress.position();
        Refusal refused = assertThrows(Refusal.class, () -> rewind.to(first));
        assertEquals(ErrorCode.QUEUE_SEGMENT_RELEASED, ((CdcException) refused.getCause()).code());
        assertEquals(has, progress.position());
        deliver(5);
        progress.force();
        long stored = store.storedBytes();
        capture.releaseAll();
        assertTrue(store.storedBytes() < stored);
    }

    private boolean isGone(Position position) {
        try {
            rewind.to(position);
            return false;
        } catch (Refusal refused) {
            return true;
        }
    }

    @Test
    void filesAreNotDeletedDuringARewind() throws Exception {
        int found = 0;
        int refused = 0;
        CyclicBarrier both = new CyclicBarrier(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 300; round++) {
                Position first = deliver(8);
                progress.force();
                Future<?> deleted = other.submit(() -> {
                    both.await();
                    capture.releaseAll();
                    return null;
                });
                both.await();
                boolean gone = isGone(first);
                deleted.get();
                if (gone) {
                    refused++;
                } else {
                    found++;
                    assertEquals(progress.nextIndex(), next());
                }
            }
        } finally {
            other.shutdown();
        }
        assertEquals(300, found + refused);
        assertTrue(found > 0, "never the first");
    }
}
