package io.pgcdc.pipeline;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.Retry;
import io.pgcdc.queue.RelationStore;
import io.pgcdc.queue.SegmentBuffer;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink's thread: reads its tailer, hands batches to the sink, checkpoints what the sink made durable, and closes it. A sink that fails for a
 * passing reason gets the same batch again, after pauses that grow.
 */
final class DeliveryLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final long WAIT_MS = 500;
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 30_000;

    private final String name;
    private final Sink sink;
    private final Tailer tailer;
    private final SegmentBuffer segment = new SegmentBuffer();
    private final SegmentBatch batch;
    private final SinkProgress sinkProgress;
    private final QueueProgress progress;
    private final Lifecycle lifecycle;

    DeliveryLoop(
            String name,
            Sink sink,
            Tailer tailer,
            RelationStore relations,
            SinkProgress sinkProgress,
            QueueProgress progress,
            Lifecycle lifecycle) {
        this.name = name;
        this.sink = sink;
        this.tailer = tailer;
        this.batch = new SegmentBatch(segment, relations::byVersion);
        this.sinkProgress = sinkProgress;
        this.progress = progress;
        this.lifecycle = lifecycle;
    }

    String name() {
        return name;
    }

    @Override
    public void run() {
        try {
            while (!lifecycle.stopping()) {
                if (tailer.next(segment, progress.durableMark().index())) {
                    deliver();
                } else {
                    flush();
                    progress.awaitDurableBehind(tailer.waitsBehind(), WAIT_MS);
                }
            }
            flush();
        } catch (InterruptedException e) {
            LOG.debug("sink {} was interrupted", name);
        } catch (Throwable failure) {
            lifecycle.fail(failure);
        } finally {
            close();
        }
    }

    private void close() {
        try {
            sink.close();
        } catch (RuntimeException | Error failure) {
            lifecycle.fail(failure);
        }
    }

    private void deliver() throws InterruptedException {
        batch.segmentChanged();
        Durability durability = retrying(() -> sink.write(batch));
        if (durability != null && batch.endsAtCommit()) {
            sinkProgress.delivered(tailer.index(), batch.lastPosition(), segment.lastCommitEndLsn(), durability);
        }
    }

    private void flush() throws InterruptedException {
        if (sinkProgress.waitsForFlush() && retrying(sink::flush) == Durability.DURABLE) {
            sinkProgress.flushed();
        }
        sinkProgress.force();
    }

    /** Null when the target still fails at a stop: what it did not take comes again at the next start. */
    private @Nullable Durability retrying(Supplier<Durability> attempt) throws InterruptedException {
        for (long pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
            try {
                return attempt.get();
            } catch (CdcException e) {
                if (e.retry() != Retry.BACKOFF) {
                    throw e;
                }
                if (lifecycle.stopping()) {
                    LOG.warn("sink {}: {} Stopped before it could be tried again.", name, e.describe());
                    return null;
                }
                // jitter, so that many sinks of one dead target do not come back all at once
                long pause = pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
                LOG.warn("sink {}: {} Trying again in {} ms.", name, e.describe(), pause);
                lifecycle.awaitStop(pause);
            }
        }
    }
}
