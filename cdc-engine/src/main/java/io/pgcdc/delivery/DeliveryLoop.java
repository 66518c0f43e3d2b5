package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.Layouts;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SourceId;
import io.pgcdc.view.Route;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink's thread: opens the sink, reads its tailer, hands batches to the sink, checkpoints what the sink made durable, and closes it. A sink that
 * fails for a passing reason gets the same batch again, after pauses that grow, or all since its last durable one when it lost its connection; one
 * that fails for good stops, alone unless told otherwise.
 */
public final class DeliveryLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final long WAIT_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final long REMIND_MS = 60_000;

    /** Each flush is a commit, and a wait for the target's disk. */
    private static final long BETWEEN_FLUSHES_MS = 20;

    private final String name;
    private final Sink sink;
    private final DeliveryConfig config;
    private final @Nullable DeadLetters deadLetters;
    private final Tailer tailer;
    private final SegmentView segment = new SegmentView();
    private final SegmentBatch batch;
    private final SinkProgress sinkProgress;
    private @Nullable Throwable failure;
    private final QueueProgress progress;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final SourceId source;
    private boolean works = true;
    private boolean opened;

    /** Since when nothing became durable because the target failed, and the pauses since; null: it works. */
    private @Nullable Trouble trouble;

    /** When the oldest batch was accepted that is not flushed yet; 0: there is none. */
    private long acceptedNanos;

    private long lastFlushNanos;

    /** @param behind changes up to there are left out, should the tailer bring them */
    public DeliveryLoop(
            String name,
            Sink sink,
            SourceId source,
            DeliveryConfig config,
            Route route,
            @Nullable DeadLetters deadLetters,
            Tailer tailer,
            @Nullable Position behind,
            Layouts relations,
            SinkProgress sinkProgress,
            QueueProgress progress,
            Lifecycle lifecycle) {
        this.name = name;
        this.sink = sink;
        this.source = source;
        this.config = config;
        this.deadLetters = deadLetters;
        this.tailer = tailer;
        this.batch = new SegmentBatch(segment, relations::byVersion, route, behind);
        this.sinkProgress = sinkProgress;
        this.progress = progress;
        this.lifecycle = lifecycle;
        this.clock = lifecycle.clock();
        this.lastFlushNanos = clock.nanos() - TimeUnit.MILLISECONDS.toNanos(BETWEEN_FLUSHES_MS);
    }

    public String name() {
        return name;
    }

    @Override
    public void run() {
        while (!lifecycle.stopping() && turn(WAIT_MS)) {
            // each turn looks what there is to do
        }
        end();
    }

    /**
     * Delivers the next segment, or flushes and waits for one.
     *
     * @return whether this sink goes on
     */
    public boolean turn(long waitMs) {
        return attempt(() -> {
            if (!opened) {
                open();
            } else if (tailer.next(segment, progress.durableMark().index())) {
                deliver();
                flushWhenDue();
            } else {
                long untilFlush = untilFlushMs();
                if (untilFlush <= 0) {
                    flush();
                }
                progress.awaitDurableBehind(
                        tailer.waitsBehind(), untilFlush <= 0 ? waitMs : Math.min(waitMs, untilFlush));
            }
        });
    }

    /** The last turn: what the sink accepted is flushed, and the sink closed. One that failed says so until the pipeline stops. */
    public void end() {
        if (works) {
            attempt(this::flush);
        }
        close();
        sayThatItStands();
    }

    private interface Work {
        void run() throws InterruptedException, SinkFailure;
    }

    private boolean attempt(Work work) {
        try {
            work.run();
            return true;
        } catch (InterruptedException e) {
            LOG.debug("sink {} was interrupted", name);
        } catch (SinkFailure e) {
            failed(e.getCause());
        } catch (Throwable e) {
            lifecycle.fail(e);
        }
        works = false;
        return false;
    }

    /** Marks what the sink threw, and nothing else: what queue or decoder throw concerns everybody. */
    private static final class SinkFailure extends Exception {

        private static final long serialVersionUID = 1;

        SinkFailure(Throwable cause) {
            super(cause);
        }
    }

    private void failed(@Nullable Throwable cause) {
        Throwable error = cause == null ? new IllegalStateException("sink " + name) : cause;
        if (config.onFailure() == FailurePolicy.STOP_PIPELINE) {
            lifecycle.fail(error);
            return;
        }
        failure = error;
        sinkProgress.fail(error);
        lifecycle.failSink(error);
    }

    /** A sink that stands still is never silent. */
    private void sayThatItStands() {
        Throwable error = failure;
        if (error == null) {
            return;
        }
        String what = error instanceof CdcException e ? e.describe() : error.toString();
        try {
            while (!lifecycle.stopping()) {
                LOG.error(
                        "sink {} has stopped, the others go on: {} It has {}; what follows is kept for it. Remove the cause and start again.",
                        name,
                        what,
                        sinkProgress.describe());
                lifecycle.awaitStop(REMIND_MS);
            }
        } catch (InterruptedException e) {
            LOG.debug("sink {} was interrupted", name);
        }
    }

    private void close() {
        try {
            sink.close();
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                lifecycle.fail(e);
            } else {
                LOG.warn("closing the failed sink {}: {}", name, e.toString());
            }
        }
    }

    private void open() throws InterruptedException, SinkFailure {
        opened = retrying(() -> {
                    sink.open(source, sinkProgress.confirmed());
                    return Durability.ACCEPTED;
                })
                != null;
        if (opened) {
            works();
        }
    }

    private void deliver() throws InterruptedException, SinkFailure {
        batch.segmentChanged();
        Durability durability = retrying(this::write);
        if (durability != null && batch.endsAtCommit()) {
            sinkProgress.delivered(tailer.index(), batch.lastPosition(), segment.header().lastCommitEndLsn(), durability);
            forgetLeftOut();
        }
    }

    /** Each change that the target refuses for good is put aside once, where that is wanted. */
    private Durability write() {
        while (true) {
            try {
                return sink.write(batch);
            } catch (RefusedChangeException refused) {
                DeadLetters aside = deadLetters;
                // a change that the batch does not bring, or no longer, cannot have been refused
                if (aside == null || !aside.add(batch, refused) || !batch.leaveOut(refused.position())) {
                    throw refused;
                }
            }
        }
    }

    private void flushWhenDue() throws InterruptedException, SinkFailure {
        if (!sinkProgress.waitsForFlush()) {
            acceptedNanos = 0;
        } else if (acceptedNanos == 0) {
            acceptedNanos = clock.nanos();
        } else if (clock.nanos() - acceptedNanos >= TimeUnit.MILLISECONDS.toNanos(config.lingerMs())) {
            flush();
        }
    }

    /** A lone batch is flushed at once; while more come one by one, several go together. */
    private long untilFlushMs() {
        if (!sinkProgress.waitsForFlush()) {
            return 0;
        }
        long since = TimeUnit.NANOSECONDS.toMillis(clock.nanos() - lastFlushNanos);
        return Math.min(config.lingerMs(), BETWEEN_FLUSHES_MS) - since;
    }

    private void flush() throws InterruptedException, SinkFailure {
        acceptedNanos = 0;
        boolean waits = sinkProgress.waitsForFlush();
        if (waits) {
            lastFlushNanos = clock.nanos();
        }
        if (waits && retrying(sink::flush) == Durability.DURABLE) {
            sinkProgress.flushed();
            forgetLeftOut();
        }
        sinkProgress.force();
    }

    /**
     * Null when the target still fails at a stop: what it did not take comes again at the next start; and when the sink lost its
     * connection: then the tailer stands behind its last durable change again.
     */
    private @Nullable Durability retrying(Supplier<Durability> attempt) throws InterruptedException, SinkFailure {
        while (true) {
            try {
                Durability durability = attempt.get();
                if (durability == Durability.DURABLE) {
                    works();
                }
                return durability;
            } catch (CdcException e) {
                if (e instanceof QueueException || e instanceof DecodeException) {
                    throw e;
                }
                boolean again = pause(e);
                if (e.retry() == Retry.RECONNECT) {
                    // at a stop, too: what is lost must not be flushed
                    rewind();
                    return null;
                }
                if (!again) {
                    return null;
                }
            } catch (RuntimeException e) {
                // a defect of the sink; the queue's and the decoder's own errors are CdcExceptions
                throw new SinkFailure(e);
            }
        }
    }

    private void works() {
        if (trouble != null) {
            trouble = null;
            sinkProgress.works();
        }
    }

    /** Whether to try again; false at a stop. */
    private boolean pause(CdcException e) throws InterruptedException, SinkFailure {
        Trouble now = trouble;
        if (now == null) {
            now = new Trouble(clock, LONGEST_PAUSE_MS);
            trouble = now;
        }
        if (e.retry() == Retry.NEVER || now.isLongerThan(config.retryForMs())) {
            throw new SinkFailure(e);
        }
        SinkException stays = now.count(e, config.retryTimes(), name, sinkProgress.describe());
        if (stays != null) {
            throw new SinkFailure(stays);
        }
        if (lifecycle.stopping()) {
            LOG.warn("sink {}: {} Stopped before it could be tried again.", name, e.describe());
            return false;
        }
        sinkProgress.retrying(e);
        long pause = now.nextPauseMs();
        LOG.warn("sink {}: {} Trying again in {} ms.", name, e.describe(), pause);
        lifecycle.awaitStop(pause);
        return true;
    }

    private void forgetLeftOut() {
        Position durable = sinkProgress.position();
        if (durable != null) {
            batch.forgetLeftOut(durable);
        }
    }

    private void rewind() {
        sinkProgress.forgetAccepted();
        acceptedNanos = 0;
        tailer.rewind(sinkProgress.nextIndex());
        batch.restartBehind(sinkProgress.position());
    }
}
