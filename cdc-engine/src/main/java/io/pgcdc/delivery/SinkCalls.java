package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.Retry;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a sink, and tells its failures apart: those after which the same call comes again, those after which more comes again, those for
 * good, and those that are not the sink's. The sink's thread.
 */
final class SinkCalls {

    private static final Logger LOG = LoggerFactory.getLogger(SinkCalls.class);

    private final DeliveryParts parts;
    private final SinkProgress progress;
    private final Lifecycle lifecycle;
    private final RetryPolicy retry;
    private final Runnable lost;

    /** @param lost called when what the sink accepted and has not made durable is lost, and must come again */
    SinkCalls(DeliveryParts parts, Lifecycle lifecycle, Runnable lost) {
        this.parts = parts;
        this.lifecycle = lifecycle;
        this.lost = lost;
        progress = parts.progress();
        DeliveryConfig config = parts.config();
        retry = new RetryPolicy(
                lifecycle.clock(), config.retryForMs(), config.retryTimes(), parts.name(), progress::describe);
    }

    /** Opens the sink. Returns false if that failed in a way that may pass. */
    boolean open() throws SinkFailure {
        boolean opened = call(() -> {
                    parts.sink().open(parts.source(), progress.confirmed());
                    return Durability.ACCEPTED;
                })
                != null;
        if (opened) {
            works();
        }
        return opened;
    }

    /**
     * Hands over a batch. Each change that the target refuses for good is put aside once, where that is wanted.
     *
     * @return null if it failed in a way that may pass
     */
    @Nullable
    Durability write(SegmentBatch batch) throws SinkFailure {
        return call(() -> {
            while (true) {
                try {
                    return parts.sink().write(batch);
                } catch (RefusedChangeException refused) {
                    DeadLetters aside = parts.deadLetters();
                    // a change that the batch does not bring, or no longer, cannot have been refused
                    if (aside == null || !aside.add(batch, refused) || !batch.leaveOut(refused.position())) {
                        throw refused;
                    }
                }
            }
        });
    }

    /** Flushes the sink. Returns null if that failed in a way that may pass. */
    @Nullable
    Durability flush() throws SinkFailure {
        return call(parts.sink()::flush);
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
            // at a stop, too: what is lost must not be flushed
            lost.run();
        }
        if (lifecycle.stopping()) {
            LOG.warn("sink {}: {} Stopped before it could be tried again.", parts.name(), e.describe());
            return;
        }
        progress.retrying(e);
        LOG.warn("sink {}: {} Trying again in {} ms.", parts.name(), e.describe(), retry.pause());
    }

    private void works() {
        if (retry.isFailing()) {
            retry.startOver();
        }
        progress.works();
    }

    /** Returns for how many milliseconds the sink must not be called yet; 0: it may be called. */
    long pauseLeftMs() {
        return retry.pauseLeftMs();
    }

    /** What failed before does not count; the sink may be called at once. */
    void startOver() {
        retry.startOver();
    }
}
