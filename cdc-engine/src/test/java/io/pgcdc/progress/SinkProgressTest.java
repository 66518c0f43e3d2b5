package io.pgcdc.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.life.SetClock;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.disk.CheckpointFile;
import io.pgcdc.sink.Durability;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a sink's checkpoint moves, and what other threads see of it. The epoch is 1. */
class SinkProgressTest {

    private static final int EPOCH = 1;

    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private SinkProgress progress;

    @BeforeEach
    void open() {
        progress = new SinkProgress(CheckpointFile.open(directory.resolve("out"), SinkCheckpoint.LAYOUT), EPOCH, clock);
    }

    private SinkProgress restarted() {
        progress.close();
        open();
        return progress;
    }

    @AfterEach
    void close() {
        progress.close();
    }

    private static Position at(long lsn) {
        return new Position(EPOCH, lsn, 0);
    }

    /** Delivers a transaction that ends with the segment at the index, at LSN 1,000 + index. */
    private void deliver(long index, Durability durability) {
        progress.delivered(index, at(1_000 + index), 1_001 + index, durability);
    }

    @Test
    void aNewSinkHasNothingAndNeedsEverything() {
        assertTrue(progress.isNew());
        assertNull(progress.position());
        assertEquals(Lsn.INVALID, progress.durableEndLsn());
        assertEquals(SegmentStore.NONE, progress.nextIndex());
        assertEquals(SegmentStore.NONE, progress.neededFromIndex());
    }

    @Test
    void acceptedChangesCountAfterTheFlush() {
        deliver(10, Durability.DURABLE);
        deliver(20, Durability.ACCEPTED);
        assertTrue(progress.waitsForFlush());
        assertEquals(at(1_010), progress.durable());
        progress.flushed();
        assertFalse(progress.waitsForFlush());
        assertEquals(at(1_020), progress.durable());
        assertEquals(1_021, progress.durableEndLsn());
        assertEquals(21, progress.nextIndex());
    }

    @Test
    void lostAcceptedChangesDoNotCount() {
        deliver(10, Durability.DURABLE);
        deliver(20, Durability.ACCEPTED);
        progress.forgetAccepted();
        progress.flushed();
        assertEquals(at(1_010), progress.durable());
        assertEquals(11, progress.nextIndex());
    }

    @Test
    void segmentsAreNeededUntilTheCheckpointIsForced() {
        deliver(10, Durability.DURABLE);
        long needed = progress.neededFromIndex();
        assertEquals(SegmentStore.NONE, needed);
        progress.force();
        assertEquals(11, progress.neededFromIndex());
        clock.advanceMs(1_001);
        deliver(20, Durability.DURABLE);
        assertEquals(21, progress.neededFromIndex(), "forced once a second without being told");
    }

    @Test
    void aStartingPointIsNotConfirmed() {
        progress.startAt(new SinkCheckpoint(5, at(1_004), 1_005));
        assertEquals(at(1_004), progress.position());
        assertNull(progress.confirmed());
        assertNull(restarted().confirmed(), "nor after a restart");
        deliver(10, Durability.DURABLE);
        assertEquals(at(1_010), progress.confirmed());
        assertEquals(at(1_010), restarted().confirmed());
    }

    @Test
    void theFirstDeliveryOfANewSinkIsConfirmed() {
        deliver(10, Durability.DURABLE);
        assertEquals(at(1_010), restarted().confirmed());
    }

    @Test
    void lsnsOfAnotherEpochDoNotCount() {
        progress.startAt(new SinkCheckpoint(5, new Position(0, 9_000, 0), 9_001));
        assertEquals(Lsn.INVALID, progress.durableEndLsn());
        progress.delivered(10, new Position(0, 9_500, 0), 9_501, Durability.DURABLE);
        assertEquals(Lsn.INVALID, progress.durableEndLsn());
        deliver(20, Durability.DURABLE);
        assertEquals(1_021, progress.durableEndLsn());
    }

    @Test
    void aSinkThatGoesBackNeedsEarlierSegments() {
        deliver(10, Durability.DURABLE);
        deliver(20, Durability.DURABLE);
        progress.force();
        progress.needAll();
        assertEquals(SegmentStore.NONE, progress.neededFromIndex());
        progress.goBackTo(new SinkCheckpoint(10, new Position(EPOCH, 1_010, 3), 1_001));
        assertEquals(10, progress.neededFromIndex());
        assertEquals(1_001, progress.durableEndLsn(), "what comes again is not safe by what was");
        assertEquals(new Position(EPOCH, 1_010, 3), progress.durable());
        assertEquals(10, restarted().nextIndex(), "a restart goes on there");
        deliver(20, Durability.DURABLE);
        assertEquals(1_021, progress.durableEndLsn());
    }

    @Test
    void aRewindIsDurableOnReturn() {
        deliver(20, Durability.DURABLE);
        progress.goBackTo(new SinkCheckpoint(10, at(1_010), 1_011));
        try (CheckpointFile<SinkCheckpoint> other =
                CheckpointFile.open(directory.resolve("out"), SinkCheckpoint.LAYOUT)) {
            assertEquals(new SinkCheckpoint(10, at(1_010), 1_011), other.current());
        }
        assertEquals(10, progress.neededFromIndex(), "which follows the force");
    }

    /** A sink that was rewound may get further in its replay than the place where it continues afterwards. */
    @Test
    void aReplayNeedsAlsoTheSegmentsToWhichTheSinkGoesBack() {
        deliver(16, Durability.DURABLE);
        SinkCheckpoint home = new SinkCheckpoint(16, at(1_015), 1_016);
        progress.goBackTo(home);
        ReplayState replay = new ReplayState(at(1_013), at(1_015), true, 14, 16, List.of(), List.of(), home);
        progress.beginReplay(new SinkCheckpoint(14, at(1_013), Lsn.INVALID, replay));
        assertEquals(14, progress.neededFromIndex());
        deliver(16, Durability.DURABLE);
        progress.force();
        assertEquals(17, progress.nextIndex());
        assertEquals(16, progress.neededFromIndex());
        assertEquals(16, restarted().neededFromIndex());
        progress.endReplay();
        assertEquals(16, progress.nextIndex());
    }
}
