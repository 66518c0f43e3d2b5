package io.pgcdc.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.progress.Work.Kind;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.Flow;
import io.pgcdc.pipeline.PipelineStatus.Progress;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.pipeline.SlotStatus;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which work of a pipeline is told, and how far it is, by a clock of the test's. */
class WorkWatchTest {

    private static final long MB = 1_000_000;
    private static final Flow FLOW = new Flow(0, 0);

    private long nanos;
    private boolean connected = true;
    private long received;
    private long walEnd;
    private final List<SinkStatus> sinks = new ArrayList<>();
    private final WorkWatch.Measure measure = new WorkWatch.Measure(this::status, this::slot, () -> nanos);

    private PipelineStatus status() {
        return new PipelineStatus(
                "shop",
                State.RUNNING,
                new PipelineStatus.Source("db", "s", connected, false, 0, received, 0, FLOW, 0),
                null,
                sinks,
                List.of());
    }

    private SlotStatus slot() {
        return new SlotStatus(
                true,
                0,
                0,
                "reserved",
                walEnd,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                ConfirmPolicy.SINKS,
                Instant.EPOCH,
                null);
    }

    private void sink(String name, SinkState state, @Nullable Progress replay, long at, long to) {
        sinks.removeIf(sink -> sink.name().equals(name));
        sinks.add(new SinkStatus(name, state, null, 0, new Progress(0, at, to), replay, FLOW, 0, 0, null));
    }

    private List<Work> after(double seconds) {
        nanos += (long) (seconds * 1e9);
        return measure.look();
    }

    private Work only() {
        List<Work> works = measure.works();
        assertEquals(1, works.size(), works.toString());
        return works.get(0);
    }

    @Test
    void muchUnreadWalIsTold() {
        walEnd = 1_000 * MB;
        received = 100 * MB;
        after(0);
        assertEquals(List.of(), measure.works(), "no rate is known");
        for (int look = 1; look <= 5; look++) {
            received += 10 * MB;
            assertEquals(List.of(), after(0.5));
        }
        Work work = only();
        assertEquals(Kind.READING, work.kind());
        assertNull(work.sink());
        assertEquals(50 * MB, work.doneBytes());
        assertEquals(850 * MB, work.leftBytes());
        assertEquals(20 * MB, work.bytesPerSecond(), 1);
        assertEquals(43, work.secondsLeft());

        connected = false;
        after(0.5);
        assertEquals(List.of(), measure.works());
    }

    @Test
    void theEndIsToldOnce() {
        walEnd = 100 * MB;
        after(0);
        after(5);
        assertEquals(0, only().bytesPerSecond());
        assertEquals(-1, only().secondsLeft());
        received = 100 * MB;
        List<Work> ended = after(1);
        assertEquals(1, ended.size());
        assertEquals(100 * MB, ended.get(0).doneBytes());
        assertEquals(6, ended.get(0).seconds());
        assertEquals(List.of(), measure.works());
        assertEquals(List.of(), after(1));
    }

    @Test
    void aShortBacklogIsNotTold() {
        for (int look = 0; look < 40; look++) {
            walEnd += 20 * MB;
            received = walEnd - 30 * MB;
            assertEquals(List.of(), after(0.5));
            assertEquals(List.of(), measure.works(), "30 MB at 40 MB/s");
        }
    }

    @Test
    void itIsQuietWhenLittleIsLeft() {
        after(0);
        assertTrue(measure.isQuiet());
        walEnd = 100 * MB;
        after(1);
        assertFalse(measure.isQuiet(), "not told yet, but there is work");
        received = 100 * MB - 100;
        after(1);
        assertTrue(measure.isQuiet());
        sink("out", SinkState.REPLAYING, new Progress(0, 0, 10), 0, 0);
        after(1);
        assertFalse(measure.isQuiet());
    }

    @Test
    void theTimeLeftAllowsForNewChanges() {
        sink("out", SinkState.RUNNING, null, 0, 100 * MB);
        after(0);
        for (int look = 1; look <= 10; look++) {
            sink("out", SinkState.RUNNING, null, 2 * MB * look, 100 * MB + MB * look);
            after(1);
        }
        assertEquals(2 * MB, only().bytesPerSecond(), 1);
        assertEquals(90, only().secondsLeft(), "90 MB are left, 1 MB less each second");

        for (int look = 11; look <= 30; look++) {
            sink("out", SinkState.RUNNING, null, 2 * MB * look, 110 * MB + 3 * MB * (look - 10));
            after(1);
        }
        assertEquals(-1, only().secondsLeft(), "it gets more");
    }

    @Test
    void theSlowestSinkComesFirst() {
        sink("near", SinkState.RUNNING, null, 50 * MB, 100 * MB);
        sink("far", SinkState.RETRYING, null, 0, 100 * MB);
        sink("paused", SinkState.PAUSED, null, 0, 100 * MB);
        after(0);
        after(5);
        assertEquals(
                List.of("far", "near"), measure.works().stream().map(Work::sink).toList());
    }

    @Test
    void aReplayIsToldFromItsBeginning() {
        sink("out", SinkState.REPLAYING, new Progress(100, 350, 1_100), 0, 100 * MB);
        after(0);
        after(0.5);
        Work work = only();
        assertEquals(Kind.REPLAY, work.kind());
        assertEquals(0.25, work.share());
        sink("out", SinkState.REPLAYING, new Progress(100, 600, 1_100), 0, 100 * MB);
        after(0.5);
        assertEquals(0.5, only().share());
        assertEquals(250, only().bytesPerSecond());
        assertEquals(2, only().secondsLeft());
        sink("out", SinkState.RUNNING, null, 100 * MB, 100 * MB);
        assertEquals(List.of(), after(0.5), "the sink's own line tells it");
        assertEquals(List.of(), measure.works());
    }
}
