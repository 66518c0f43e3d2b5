package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Inbox;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Lsn;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.Confirmation;
import io.pgcdc.progress.QueueRetention;
import io.pgcdc.progress.SafePoint;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.queue.disk.CheckpointFile;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture's loop on a server that says nothing, on a clock that moves only while the loop waits. */
class CaptureLoopTest implements Clock, ReplicationStream {

    private static final long FLUSH_MS = 500;
    private static final long STATUS_MS = 10_000;

    @TempDir
    Path directory;

    private long nanos = 1;
    private long endNanos;
    private final Lifecycle lifecycle = new Lifecycle(this);
    private int statuses;

    @Test
    void whatIsDurableOfASnapshotIsWrittenDownAtTheFlushInterval() {
        assertEquals(1 + STATUS_MS / FLUSH_MS, writtenDownIn(STATUS_MS, false));
        assertEquals(1 + STATUS_MS / FLUSH_MS, statuses);
    }

    @Test
    void withoutASnapshotAQuietServerHearsOfUsAtTheStatusInterval() {
        assertEquals(2, writtenDownIn(STATUS_MS, true));
        assertEquals(2, statuses);
    }

    /**
     * Runs the loop, and returns how often it writes down what is durable: at its start, and then by its intervals.
     *
     * @param done true: no snapshot is being read
     */
    private int writtenDownIn(long milliseconds, boolean done) {
        int[] writtenDown = {0};
        endNanos = nanos + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        QueueConfig config =
                QueueConfig.of(SettingValues.NONE.with(QueueSettings.DIR, directory.resolve("queue")), directory);
        try (CaptureFixture capture = new CaptureFixture(directory);
                CheckpointFile<CaptureCheckpoint> checkpoint =
                        CheckpointFile.open(directory.resolve("checkpoint"), CaptureCheckpoint.LAYOUT)) {
            CaptureState state = new CaptureState(
                    checkpoint, new QueueRetention(capture.store), capture.progress, 0, 0, index -> writtenDown[0]++);
            new CaptureLoop(
                            capture.writer,
                            capture.segment,
                            capture.acknowledgement,
                            new SafePoint(
                                    Confirmation.of(ConfirmPolicy.QUEUE, null), capture.progress, List.of(), null),
                            state,
                            lifecycle,
                            new CaptureLoop.Timing(0, STATUS_MS, FLUSH_MS, 1 << 20, 60_000),
                            new Heartbeat(prefix -> Lsn.INVALID, 0, this),
                            new QueueSpace(config, capture.store, state, () -> Long.MAX_VALUE, this),
                            new Inbox<>(),
                            new ChunkWriter(capture.store, capture.progress, capture.relations, 4_096, 100, 0, null),
                            new Reading(done))
                    .run(this);
        }
        return writtenDown[0];
    }

    private record Reading(boolean isDone) implements SnapshotWork {

        @Override
        public void tend() {}

        @Override
        public boolean isQuiet() {
            return isDone;
        }

        @Override
        public @Nullable Throwable failure() {
            return null;
        }
    }

    // ---- the server

    @Override
    public boolean receive(FrameHandler handler, int waitMs) {
        nanos += TimeUnit.MILLISECONDS.toNanos(waitMs);
        if (nanos > endNanos) {
            lifecycle.stop();
        }
        return false;
    }

    @Override
    public void sendStatus(long received, long flushed, boolean requestReply) {
        statuses++;
    }

    @Override
    public void checkNotices() {}

    @Override
    public SourceException silent(long silentMs) {
        throw new AssertionError("silent for " + silentMs + " ms");
    }

    @Override
    public void close() {}

    // ---- the clock

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void await(CountDownLatch latch, long milliseconds) {
        nanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Override
    public long jitter(long milliseconds) {
        return milliseconds;
    }
}
