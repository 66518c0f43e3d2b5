package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Inbox.Refusal;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.Worker;
import io.pgcdc.model.Position;
import io.pgcdc.progress.QueueProgress;
import io.pgcdc.progress.SinkProgress;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.sink.Durability;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers changes to one sink, on that sink's thread. Opens the sink, reads its tailer, hands batches to the sink, writes its checkpoint, and
 * closes it. Takes requests between turns ({@link SinkRequest}).
 *
 * <p>A sink that fails temporarily gets the same batch again ({@link SinkCalls}). A sink that lost its connection gets everything after its
 * checkpoint again. A sink that fails permanently stops; {@link FailurePolicy} says if the others stop as well.
 */
public final class DeliveryLoop implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final long LONGEST_WAIT_MS = 500;
    private static final long REMIND_MS = 60_000;

    private final DeliveryParts parts;
    private final String name;
    private final QueueProgress queue;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final SinkProgress progress;
    private final Tailer tailer;
    private final SegmentView segment = new SegmentView();
    private final SegmentBatch batch;
    private final SinkCalls calls;
    private final FlushPolicy flushes;
    private @Nullable Throwable failure;
    private boolean works = true;
    private boolean opened;

    /** The call that failed temporarily. It is repeated before any other call. Null: none. */
    private @Nullable Call unfinished;

    /** True if the sink has only whole transactions. */
    private boolean betweenTransactions = true;

    private boolean paused;
    private long remindedNanos;

    private enum Call {
        WRITE,
        FLUSH
    }

    /**
     * Calls nothing yet.
     *
     * @param queue tells which transactions are durable
     */
    public DeliveryLoop(DeliveryParts parts, QueueProgress queue, Lifecycle lifecycle) {
        this.parts = parts;
        this.queue = queue;
        this.lifecycle = lifecycle;
        name = parts.name();
        clock = lifecycle.clock();
        progress = parts.progress();
        tailer = parts.tailer();
        batch = new SegmentBatch(
                segment,
                parts.layouts()::byVersion,
                parts.route(),
                progress.position(),
                parts.sink().reconciles());
        calls = new SinkCalls(parts, lifecycle, this::goBack);
        flushes = new FlushPolicy(parts.config().lingerMs(), clock.nanos());
    }

    public String name() {
        return name;
    }

    /** Takes requests. Then delivers the next segment, or flushes and waits for one. Returns false at a stop, or if the sink failed. */
    @Override
    public boolean turn(long waitMs) {
        return works && !lifecycle.stopping() && attempt(() -> meetAndWork(waitMs));
    }

    private void meetAndWork(long waitMs) throws InterruptedException, SinkFailure {
        parts.inbox().take(this::meet);
        long pauseMs = calls.pauseLeftMs();
        if (paused) {
            remind();
            queue.awaitDurableAfter(Long.MAX_VALUE, waitMs, this::isAsked);
        } else if (pauseMs > 0) {
            lifecycle.awaitStop(Math.min(pauseMs, LONGEST_WAIT_MS));
        } else {
            work(waitMs);
        }
    }

    private void work(long waitMs) throws InterruptedException, SinkFailure {
        if (unfinished != null) {
            again(unfinished);
        } else if (!opened) {
            opened = calls.open();
        } else if (isAsked() && betweenTransactions) {
            settle();
        } else if (tailer.next(segment, queue.durableMark().index())) {
            batch.segmentChanged();
            write();
        } else {
            flushAndWait(waitMs);
        }
    }

    /** Flushes the accepted changes, and closes the sink. If the sink failed, logs that every minute until the pipeline stops. */
    @Override
    public void end() {
        if (works && !paused) {
            attempt(() -> {
                if (unfinished == Call.WRITE) {
                    write();
                }
                flush();
            });
        }
        parts.inbox().close("sink " + name + " has ended with its pipeline");
        close();
        remindOfFailure();
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
            failed(e.thrown());
        } catch (Throwable e) {
            lifecycle.fail(e);
        }
        works = false;
        return false;
    }

    private void failed(Throwable error) {
        if (parts.config().onFailure() == FailurePolicy.STOP_PIPELINE) {
            lifecycle.fail(error);
            return;
        }
        failure = error;
        progress.fail(error);
        parts.inbox()
                .close("sink " + name + " has failed permanently: " + describe(error)
                        + " Remove the cause and start again.");
        lifecycle.failSink(error);
    }

    private static String describe(@Nullable Throwable error) {
        return error instanceof CdcException e ? e.describe() : String.valueOf(error);
    }

    /** Logs every minute that the sink has failed, until the pipeline stops. */
    private void remindOfFailure() {
        Throwable error = failure;
        if (error == null) {
            return;
        }
        try {
            while (!lifecycle.stopping()) {
                LOG.error(
                        "sink {} has stopped, the others continue: {} It has {}; the queue keeps the later changes for it. Remove the cause"
                                + " and start again.",
                        name,
                        describe(error),
                        progress.describe());
                lifecycle.awaitStop(REMIND_MS);
            }
        } catch (InterruptedException e) {
            LOG.debug("sink {} was interrupted", name);
        }
    }

    private void close() {
        try {
            parts.sink().close();
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                lifecycle.fail(e);
            } else {
                LOG.warn("closing the failed sink {}: {}", name, e.toString());
            }
        }
    }

    private void again(Call call) throws SinkFailure {
        switch (call) {
            case WRITE -> write();
            case FLUSH -> flush();
        }
    }

    private void write() throws SinkFailure {
        unfinished = Call.WRITE;
        Durability durability = calls.write(batch);
        if (durability == null) {
            return;
        }
        unfinished = null;
        SegmentHeader header = segment.header();
        progress.took(header.changeCount(), header.kind().isChunk() ? 0 : header.commitTimeMicros());
        betweenTransactions = batch.endsAtCommit();
        if (betweenTransactions) {
            progress.delivered(tailer.index(), batch.lastPosition(), header.lastCommitEndLsn(), durability);
            forgetLeftOut();
        }
        if (flushes.isDue(progress.waitsForFlush(), clock.nanos())) {
            flush();
        }
    }

    private void flushAndWait(long waitMs) throws InterruptedException, SinkFailure {
        long untilFlush = progress.waitsForFlush() ? flushes.msUntilDue(clock.nanos()) : 0;
        if (untilFlush <= 0) {
            flush();
        }
        if (unfinished == null) {
            queue.awaitDurableAfter(
                    tailer.waitsAfter(), untilFlush <= 0 ? waitMs : Math.min(waitMs, untilFlush), this::isAsked);
        }
    }

    private void flush() throws SinkFailure {
        if (progress.waitsForFlush()) {
            unfinished = Call.FLUSH;
            flushes.flushing(clock.nanos());
            Durability durability = calls.flush();
            if (durability == null) {
                return;
            }
            unfinished = null;
            if (durability == Durability.DURABLE) {
                progress.flushed();
                forgetLeftOut();
            }
        }
        progress.force();
    }

    private void forgetLeftOut() {
        Position durable = progress.position();
        if (durable != null) {
            batch.forgetLeftOut(durable);
        }
    }

    /** Goes back to the checkpoint: the sink gets everything after it again. */
    private void goBack() {
        unfinished = null;
        betweenTransactions = true;
        progress.forgetAccepted();
        flushes.forget();
        tailer.rewind(progress.nextIndex());
        batch.restartAfter(progress.position());
    }

    // ---- requests

    /** Returns true if a request waits. The beginning of a turn has taken those that were possible at once. */
    private boolean isAsked() {
        return !parts.inbox().isEmpty();
    }

    /**
     * Executes a request. Returns false if it is not possible yet: pause and rewind need a sink that has only whole transactions, all durable.
     *
     * <p>While the target fails, the sink cannot get there. Then a pause keeps the unfinished call for later, and a rewind is refused: the sink
     * may rely on the repeat of that call.
     */
    private boolean meet(SinkRequest request) throws Refusal {
        boolean settled = betweenTransactions && !progress.waitsForFlush();
        if (request instanceof SinkRequest.Resume) {
            resume();
        } else if (unfinished == null && !settled) {
            return false;
        } else if (request instanceof SinkRequest.Rewind rewind) {
            rewindTo(rewind.position());
        } else {
            pause();
        }
        return true;
    }

    /** Flushes the sink, so that the waiting request becomes possible. */
    private void settle() throws InterruptedException, SinkFailure {
        flush();
        if (unfinished == null && progress.waitsForFlush()) {
            lifecycle.awaitStop(FlushPolicy.BETWEEN_FLUSHES_MS); // the sink answered ACCEPTED: not durable yet
        }
    }

    private void pause() {
        if (!paused) {
            paused = true;
            progress.paused(true);
            progress.force();
            remindedNanos = clock.nanos();
            LOG.info("sink {} is paused; it has {}", name, progress.describe());
        }
    }

    private void remind() {
        if (clock.nanos() - remindedNanos >= TimeUnit.MILLISECONDS.toNanos(REMIND_MS)) {
            remindedNanos = clock.nanos();
            LOG.info(
                    "sink {} is still paused, and has {}; the queue keeps the later changes for it",
                    name,
                    progress.describe());
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            progress.paused(false);
            calls.startOver();
            LOG.info("sink {} is resumed", name);
        }
    }

    private void rewindTo(Position position) throws Refusal {
        if (unfinished != null) {
            throw new Refusal(new SinkException(
                    ErrorCode.REWIND_REFUSED,
                    "sink \"" + name + "\" cannot go back to " + position
                            + " while its target fails, because its last batch is not finished: "
                            + describe(progress.trouble()) + " Try again when the target works"
                            + (paused ? " and the sink is resumed." : ".")));
        }
        parts.rewind().to(position);
        goBack();
        LOG.info("sink {} gets everything after {} again", name, position);
    }
}
