package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Inbox.Refusal;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sink.Sink;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a sink, and sorts its failures. After a temporary one the same call is repeated. After a lost connection everything after the
 * checkpoint is repeated. A permanent one ends the sink. Errors of queue and decoder are not the sink's. The sink's thread.
 */
final class SinkCalls {

    private static final Logger LOG = LoggerFactory.getLogger(SinkCalls.class);

    private final DeliveryParts parts;
    private final SinkProgress progress;
    private final Lifecycle lifecycle;
    private final RetryPolicy retry;
    private final Runnable lost;
    private Sink sink;
    private boolean closed;

    /** True if the sink named a position of its target when it was opened. */
    private boolean keeps;

    /**
     * Calls nothing yet.
     *
     * @param lost called if the sink lost accepted changes that were not durable, so that they come again
     */
    SinkCalls(DeliveryParts parts, Lifecycle lifecycle, Runnable lost) {
        this.parts = parts;
        this.lifecycle = lifecycle;
        this.lost = lost;
        sink = parts.sink();
        progress = parts.progress();
        DeliveryConfig config = parts.config();
        retry = new RetryPolicy(
                lifecycle.clock(), config.retryForMs(), config.retryTimes(), parts.name(), progress::describe);
    }

    /**
     * Opens the sink. Returns false after a temporary failure.
     *
     * @param replaying true if a replay continues
     */
    boolean open(boolean replaying) throws SinkFailure {
        boolean opened = call(() -> {
                    keeps = sink.open(parts.source(), progress.confirmed()) != null;
                    if (replaying) {
                        sink.replaying(true);
                    }
                    return Durability.ACCEPTED;
                })
                != null;
        if (opened) {
            works();
        }
        return opened;
    }

    /**
     * Hands over a batch. With dead letters, each change that the target refuses is written to them once, and left out.
     *
     * @return null after a temporary failure
     */
    @Nullable
    Durability write(SegmentBatch batch) throws SinkFailure {
        return call(() -> {
            while (true) {
                try {
                    return sink.write(batch);
                } catch (RefusedChangeException refused) {
                    DeadLetters aside = parts.deadLetters();
                    // the target cannot have refused a change that the batch does not contain, or leaves out already
                    if (aside == null || !aside.add(batch, refused) || !batch.leaveOut(refused.position())) {
                        throw refused;
                    }
                    progress.refused();
                }
            }
        });
    }

    /** Flushes the sink. Returns null after a temporary failure. */
    @Nullable
    Durability flush() throws SinkFailure {
        return call(sink::flush);
    }

    private @Nullable Durability call(Supplier<Durability> call) throws SinkFailure {
        try {
            Durability durability = call.get();
            if (durability == Durability.DURABLE) {
                works();
            }
            return durability;
        } catch (CdcException e) {
            if (e instanceof QueueException || e instanceof DecodeException) {
                throw e;
            }
            failed(e);
            return null;
        } catch (RuntimeException e) {
            // a defect of the sink; the queue's and the decoder's own errors are CdcExceptions
            throw new SinkFailure(e);
        }
    }

    private void failed(CdcException e) throws SinkFailure {
        retry.failed(e);
        if (e.retry() == Retry.RECONNECT) {
            // also at a stop: lost changes must not count as flushed
            lost.run();
        }
        if (lifecycle.stopping()) {
            LOG.warn("sink {}: {} The pipeline stops before a retry.", parts.name(), e.describe());
            return;
        }
        progress.retrying(e);
        LOG.warn("sink {}: {} Trying again in {} ms.", parts.name(), e.describe(), retry.pause());
    }

    private void works() {
        if (retry.isFailing()) {
            LOG.info("sink {} works again, after {} ms", parts.name(), retry.failingMs());
            retry.startOver();
        }
        progress.works();
    }

    /** Returns the milliseconds until the sink may be called; 0: at once. */
    long pauseLeftMs() {
        return retry.pauseLeftMs();
    }

    /**
     * Works a replay out as the open sink permits it, and begins it if asked.
     *
     * @throws Refusal see {@link SinkReplay#plan}; or the sink's own error
     */
    ReplayPlan replay(SinkRequest.Replay asked) throws Refusal {
        ReplayTerms terms;
        try {
            terms = sink.replayTerms();
        } catch (CdcException e) {
            throw new Refusal(e);
        }
        ReplayPlan plan = parts.replay().plan(asked.request(), terms, keeps, asked.begin());
        if (asked.begin()) {
            sink.replaying(true);
        }
        return plan;
    }

    /** Tells the sink that its replay has ended. */
    void endReplay() {
        sink.replaying(false);
    }

    /**
     * Replaces a closed sink by a new one, which is not open yet.
     *
     * @throws Refusal it cannot be made
     */
    void replace() throws Refusal {
        try {
            sink = parts.again().get();
        } catch (CdcException e) {
            throw new Refusal(e);
        } catch (RuntimeException e) {
            throw new Refusal(new SinkException(
                    ErrorCode.SINK_FAILED,
                    "sink \"" + parts.name() + "\" cannot be made anew: " + e + ". Remove the cause and try again.",
                    e));
        }
        closed = false;
        retry.startOver();
    }

    /** Closes the sink, once. */
    void close() {
        if (!closed) {
            closed = true;
            sink.close();
        }
    }

    /** Forgets earlier failures. The sink may be called at once. */
    void startOver() {
        retry.startOver();
    }
}
