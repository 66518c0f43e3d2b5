package io.pgcdc.delivery;

import io.pgcdc.error.ErrorCode;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers changes to one sink, on that sink's thread. Opens the sink, reads its tailer, hands batches to the sink, writes its checkpoint, and
 * closes it. Takes requests between turns ({@link SinkRequest}).
 *
 * <p>A sink that fails temporarily gets the same batch again ({@link SinkCalls}). A sink that lost its connection gets everything after its
 * checkpoint again. A sink that fails permanently is closed; {@link FailurePolicy} says if the others stop as well. If they go on, a new sink
 * may take its place.
 */
public final class DeliveryLoop implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final long LONGEST_WAIT_MS = 500;

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
    private final ReplayCourse replay;
    private final RequestRefusals refusals;
    private final Halt halt;
    private boolean works = true;
    private boolean opened;

    /** The call that failed temporarily. It is repeated before any other call. Null: none. */
    private @Nullable Call unfinished;

    /** True if the sink has only whole transactions. */
    private boolean betweenTransactions = true;

    private enum Call {
        WRITE,
        FLUSH,
        EMPTY
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
        replay = new ReplayCourse(progress, batch);
        refusals = new RequestRefusals(name);
        halt = new Halt(name, progress, clock);
        calls = new SinkCalls(parts, lifecycle, this::goBack);
        flushes = new FlushPolicy(parts.config().lingerMs(), clock.nanos());
    }

    public String name() {
        return name;
    }

    /** Takes requests. Then delivers the next segment, or flushes and waits for one. Returns false at a stop. */
    @Override
    public boolean turn(long waitMs) {
        return works && !lifecycle.stopping() && attempt(() -> meetAndWork(waitMs));
    }

    private void meetAndWork(long waitMs) throws InterruptedException, SinkFailure {
        parts.inbox().take(this::meet);
        long pauseMs = calls.pauseLeftMs();
        if (halt.isHalted()) {
            halt.remind();
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
            opened = calls.open(replay.isRunning());
        } else if (isAsked() && betweenTransactions) {
            settle();
        } else if (replay.isOver()) {
            endReplay();
        } else if (replay.mustEmpty()) {
            empty();
        } else if (tailer.next(segment, queue.readableIndex())) {
            batch.segmentChanged();
            if (replay.endsBefore(segment.header())) {
                replay.end();
            } else {
                write();
            }
        } else if (replay.isRunning()) {
            replay.end();
        } else {
            flushAndWait(waitMs);
        }
    }

    /** Flushes the accepted changes, and closes the sink. */
    @Override
    public void end() {
        if (works && !halt.isHalted()) {
            attempt(() -> {
                if (unfinished == Call.WRITE) {
                    write();
                }
                finishChunk();
                flush();
            });
        }
        parts.inbox().close("sink " + name + " has ended with its pipeline");
        close();
    }

    /** Writes the rest of a chunk whose parts were given out at once: nobody could tell where to continue in it. It is all there. */
    private void finishChunk() throws SinkFailure {
        while (tailer.partsAtOnce()
                && !betweenTransactions
                && segment.header().kind().isChunk()
                && unfinished == null
                && tailer.next(segment, queue.readableIndex())) {
            batch.segmentChanged();
            write();
        }
    }

    private interface Work {
        void run() throws InterruptedException, SinkFailure;
    }

    private boolean attempt(Work work) {
        try {
            work.run();
            return works;
        } catch (InterruptedException e) {
            LOG.debug("sink {} was interrupted", name);
        } catch (SinkFailure e) {
            return failed(e.thrown());
        } catch (Throwable e) {
            lifecycle.fail(e);
        }
        works = false;
        return false;
    }

    /** Returns false if the pipeline fails with the sink. */
    private boolean failed(Throwable error) {
        if (parts.config().onFailure() == FailurePolicy.STOP_PIPELINE) {
            lifecycle.fail(error);
            works = false;
            return false;
        }
        halt.fail(error);
        close();
        lifecycle.failSink(error);
        if (!lifecycle.stopping()) {
            halt.sayFailed(); // otherwise it was the last one: the run ends with its error
        }
        return true;
    }

    private void close() {
        try {
            calls.close();
        } catch (RuntimeException | Error e) {
            if (halt.failure() == null) {
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
            case EMPTY -> empty();
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
        progress.took(tailer.index(), header.changeCount(), header.kind().isChunk() ? 0 : header.commitTimeMicros());
        betweenTransactions = batch.endsAtCommit();
        if (betweenTransactions) {
            progress.delivered(tailer.index(), batch.lastPosition(), header.lastCommitEndLsn(), durability);
            replay.delivered(batch.lastPosition());
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
        replay.restart();
    }

    // ---- a replay

    /** Empties the tables that the replay begins with. Empties them again until that is durable. */
    private void empty() throws SinkFailure {
        unfinished = Call.EMPTY;
        Durability durability = calls.write(replay.truncation(parts.layouts(), parts.route()));
        if (durability == Durability.ACCEPTED) {
            durability = calls.flush();
        }
        if (durability == null) {
            return;
        }
        unfinished = null;
        if (durability == Durability.DURABLE) {
            progress.emptied();
            replay.restart();
        }
    }

    /** Makes the replay's changes durable, then continues where the sink was before. */
    private void endReplay() throws InterruptedException, SinkFailure {
        settle();
        if (unfinished == null && replay.isOver() && !progress.waitsForFlush()) {
            backFromReplay();
            LOG.info("sink {} has got its replay, and continues after {}", name, progress.describe());
        }
    }

    private void backFromReplay() {
        calls.endReplay();
        progress.endReplay();
        goBack();
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
        Throwable failed = halt.failure();
        if (request instanceof SinkRequest.Retry) {
            retry(failed);
            return true;
        }
        if (failed != null && request instanceof SinkRequest.CancelReplay && replay.isRunning()) {
            progress.endReplay(); // the next object of the sink knows nothing of it
            replay.restart();
            return true;
        }
        if (failed != null) {
            throw refusals.failed(failed);
        }
        boolean settled = betweenTransactions && !progress.waitsForFlush();
        if (request instanceof SinkRequest.Resume) {
            if (halt.resume()) {
                calls.startOver();
            }
        } else if (unfinished == null && !settled) {
            return false;
        } else if (request instanceof SinkRequest.Rewind rewind) {
            rewindTo(rewind.position());
        } else if (request instanceof SinkRequest.Replay asked) {
            return replay(asked);
        } else if (request instanceof SinkRequest.CancelReplay) {
            cancelReplay();
        } else {
            halt.pause();
        }
        return true;
    }

    /** Starts a failed sink again, from its checkpoint. Lets one whose target fails try at once. */
    private void retry(@Nullable Throwable failed) throws Refusal {
        if (failed != null) {
            calls.replace();
            opened = false;
            halt.startAgain();
            lifecycle.retrySink(failed);
            goBack();
        }
        calls.startOver();
    }

    /** Flushes the sink, so that the waiting request becomes possible. */
    private void settle() throws InterruptedException, SinkFailure {
        flush();
        if (unfinished == null && progress.waitsForFlush()) {
            lifecycle.awaitStop(FlushPolicy.BETWEEN_FLUSHES_MS); // the sink answered ACCEPTED: not durable yet
        }
    }

    private void rewindTo(Position position) throws Refusal {
        if (unfinished != null) {
            throw refusals.targetFails(
                    ErrorCode.REWIND_REFUSED, "go back to " + position, progress.trouble(), halt.isPaused());
        }
        if (replay.isRunning()) {
            throw refusals.replaying();
        }
        parts.rewind().to(position);
        goBack();
        LOG.info("sink {} gets everything after {} again", name, position);
    }

    private boolean replay(SinkRequest.Replay asked) throws Refusal {
        if (unfinished != null) {
            throw refusals.targetFails(ErrorCode.REPLAY_REFUSED, "replay", progress.trouble(), halt.isPaused());
        }
        if (!opened && (halt.isPaused() || progress.trouble() != null)) {
            throw refusals.notOpen(progress.trouble());
        }
        if (!opened) {
            return false;
        }
        asked.told().accept(calls.replay(asked));
        if (asked.begin()) {
            goBack();
            LOG.info(
                    "sink {} gets changes from {} on again",
                    name,
                    asked.request().from());
        }
        return true;
    }

    private void cancelReplay() throws Refusal {
        if (!replay.isRunning()) {
            throw refusals.noReplay();
        }
        if (unfinished != null) {
            throw refusals.targetFails(ErrorCode.REPLAY_REFUSED, "end its replay", progress.trouble(), halt.isPaused());
        }
        backFromReplay();
        LOG.info("sink {}: the replay was ended; it continues after {}", name, progress.describe());
    }
}
