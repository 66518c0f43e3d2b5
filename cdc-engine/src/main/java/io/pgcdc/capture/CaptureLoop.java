package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Inbox;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Lsn;
import io.pgcdc.progress.Acknowledgement;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.progress.SafePoint;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationStream;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the stream into segments, answers keepalives, and reports the flush LSN. Never waits for a sink. Capture thread.
 */
public final class CaptureLoop implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);

    /** Longest wait for data while sinks have work. After it, their durable progress is acknowledged. */
    private static final int BUSY_WAIT_MS = 10;

    private static final int IDLE_WAIT_MS = 100;

    /** Interval of reports while reading is paused on request. */
    private static final long PAUSED_MS = 100;

    /** Interval at which we ask the server for its position while a target LSN is not reached. */
    private static final long ASK_MS = 100;

    private static final long GOODBYE_MS = 2_000;

    /** Frames per look at the clock. One look costs as much as taking in a frame. */
    private static final int FRAMES_BETWEEN_CLOCKS = 64;

    private final SegmentWriter writer;
    private final PackedSegment segment;
    private final Acknowledgement acknowledgement;
    private final SafePoint safe;
    private final CaptureState state;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final Timing timing;
    private final Heartbeat heartbeat;
    private final QueueSpace space;
    private final Pace pace;
    private final Inbox<CaptureRequest> inbox;
    private final ChunkWriter chunks;
    private final SnapshotWork snapshots;

    /** True after a request to pause. Written by the capture thread. */
    private volatile boolean paused;

    private volatile long targetLsn = Lsn.INVALID;

    /** The target that has been received; {@code targetCommitLsn} is the last commit up to it. */
    private long receivedTarget = Lsn.INVALID;

    private long targetCommitLsn;
    private long lastStatusNanos;
    private long lastReceivedNanos;
    private long sentFlushLsn;
    private volatile long walEndLsn;
    private boolean replyRequested;
    private boolean answered;

    /** Intervals of the loop. Progress is reported after {@code flushIntervalMs} or {@code flushBytes} of WAL, whichever comes first. */
    public record Timing(
            long gatherMs, long statusIntervalMs, long flushIntervalMs, long flushBytes, long receiveTimeoutMs) {}

    public CaptureLoop(
            SegmentWriter writer,
            PackedSegment segment,
            Acknowledgement acknowledgement,
            SafePoint safe,
            CaptureState state,
            Lifecycle lifecycle,
            Timing timing,
            Heartbeat heartbeat,
            QueueSpace space,
            Inbox<CaptureRequest> inbox,
            ChunkWriter chunks,
            SnapshotWork snapshots) {
        this.chunks = chunks;
        this.snapshots = snapshots;
        this.writer = writer;
        this.segment = segment;
        this.acknowledgement = acknowledgement;
        this.safe = safe;
        this.state = state;
        this.lifecycle = lifecycle;
        this.clock = lifecycle.clock();
        this.timing = timing;
        this.heartbeat = heartbeat;
        this.space = space;
        this.pace = new Pace(timing.gatherMs);
        this.inbox = inbox;
    }

    /** Makes the pipeline stop when this LSN is acknowledged. Any thread. */
    public synchronized void finishAt(long lsn) {
        targetLsn = Lsn.max(targetLsn, lsn);
    }

    /** Returns the last LSN received, for the log. */
    long receivedLsn() {
        return acknowledgement.receivedLsn();
    }

    /** Returns the end of the server's WAL by its last keepalive. Any thread. */
    long walEndLsn() {
        return walEndLsn;
    }

    /** Returns the stream's place on this connection. */
    Standstill.StreamPlace place() {
        return new Standstill.StreamPlace(
                acknowledgement.receivedLsn(), acknowledgement.receivedCommitLsn(), writer.openCommitLsn());
    }

    /** Reads until the run stops or the target is reached. On return all whole transactions are in the queue, and none is open. */
    void run(ReplicationStream stream) {
        lastReceivedNanos = clock.nanos();
        replyRequested = false;
        reportStatus(stream, targetLsn != Lsn.INVALID);
        int frames = 0;
        while (!lifecycle.stopping()) {
            meetRequests();
            if (paused) {
                pauseReading(stream);
                continue;
            }
            if (stream.receive(this, 0)) {
                if (++frames % FRAMES_BETWEEN_CLOCKS == 0) {
                    lastReceivedNanos = clock.nanos();
                    reportWhenDue(stream);
                    pauseWhileShort(stream);
                }
                continue;
            }
            int whole = segment.wholeTransactions();
            long hold = whole == 0 ? 0 : pace.hold(whole, clock.nanos());
            if (hold > 0) {
                lifecycle.pause(hold);
                continue;
            }
            segment.closeIfWhole();
            reportWhenDue(stream);
            pauseWhileShort(stream);
            if (!lifecycle.stopping() && stream.receive(this, waitMs())) {
                lastReceivedNanos = clock.nanos();
            }
        }
        connectionEnded();
    }

    /** Stores the whole transactions. Drops the open one: the server sends it again on the next connection. */
    void connectionEnded() {
        writer.connectionEnded();
        segment.discardOpenTransaction();
        segment.closeIfWhole();
    }

    private void pauseWhileShort(ReplicationStream stream) {
        if (space.isShort(lastReceivedNanos)) {
            pauseReading(stream);
        }
    }

    /** Pauses reading, but keeps reporting: the keepalive is always answered. The server's data waits in the socket. */
    private void pauseReading(ReplicationStream stream) {
        // sinks then get all whole transactions
        segment.closeIfWhole();
        do {
            lastReceivedNanos = clock.nanos();
            reportWhenDue(stream);
            if (!paused) {
                makeRoom(stream);
            }
            if (!lifecycle.pause(paused ? PAUSED_MS : space.lookAgainMs())) {
                return;
            }
            meetRequests();
        } while (paused || space.isShort(clock.nanos()));
        lastReceivedNanos = clock.nanos();
    }

    private void makeRoom(ReplicationStream stream) {
        if (lastReceivedNanos - lastStatusNanos >= TimeUnit.MILLISECONDS.toNanos(timing.flushIntervalMs)) {
            // a newer checkpoint makes files deletable
            reportStatus(stream, false);
        }
        state.releaseAll();
    }

    /** Takes requests, between frames. Takes none while the queue may hold a part of the open transaction: see {@link CaptureRequest}. */
    void meetRequests() {
        if (inbox.isEmpty() || writer.isInTransaction()) {
            return;
        }
        inbox.take(request -> {
            if (request == CaptureRequest.SNAPSHOTS) {
                snapshots.tend();
                return true;
            }
            boolean pause = request == CaptureRequest.PAUSE;
            if (pause != paused) {
                LOG.info(pause ? "reading is paused; the primary keeps its WAL meanwhile" : "reading continues");
            }
            paused = pause;
            return true;
        });
    }

    /** Returns what the tables' rows take. Any thread. */
    TableTraffic traffic() {
        return writer.traffic();
    }

    /** Returns true if reading is paused on request. Any thread. */
    boolean isPaused() {
        return paused;
    }

    private int waitMs() {
        return acknowledgement.pending(safe.endLsn()) ? BUSY_WAIT_MS : IDLE_WAIT_MS;
    }

    private void reportWhenDue(ReplicationStream stream) {
        long now = clock.nanos();
        long sinceStatus = TimeUnit.NANOSECONDS.toMillis(now - lastStatusNanos);
        long sinceReceived = TimeUnit.NANOSECONDS.toMillis(now - lastReceivedNanos);
        if (sinceReceived > timing.receiveTimeoutMs) {
            throw stream.silent(sinceReceived);
        }
        long flushLsn = safe.flushLsn(acknowledgement);
        long advance = flushLsn - sentFlushLsn;
        // a snapshot's rows move no LSN when they become durable, and that is written down with a status
        // during a pause nobody reads the server's answers, and they would fill the socket
        boolean finishing = targetLsn != Lsn.INVALID && !paused;
        if (replyRequested
                || sinceStatus >= timing.statusIntervalMs
                || (sinceStatus >= timing.flushIntervalMs && (advance != 0 || !snapshots.isDone()))
                || advance >= timing.flushBytes
                || (finishing && sinceStatus >= ASK_MS)) {
            reportStatus(stream, finishing || sinceReceived > timing.receiveTimeoutMs / 2);
        }
        heartbeat.beatWhenDue(now, acknowledgement.receivedCommitLsn(), walEndLsn);
    }

    private void reportStatus(ReplicationStream stream, boolean askBack) {
        stream.checkNotices();
        long flushLsn = safe.flushLsn(acknowledgement);
        state.acknowledge(flushLsn);
        stream.sendStatus(Lsn.max(acknowledgement.receivedLsn(), flushLsn), flushLsn, askBack);
        sentFlushLsn = flushLsn;
        replyRequested = false;
        lastStatusNanos = clock.nanos();
        long target = targetLsn;
        if (target != Lsn.INVALID && isReached(target, flushLsn)) {
            Throwable failure = snapshots.failure();
            if (failure != null) {
                lifecycle.fail(failure); // the sinks have not caught up: they lack rows
            }
            lifecycle.stop();
        }
    }

    /**
     * Returns true if everything up to the target is received, delivered and acknowledged. A sink that failed permanently never gets there:
     * then the working sinks count, and the run ends with that sink's error.
     */
    private boolean isReached(long target, long flushLsn) {
        if (Lsn.compare(acknowledgement.receivedLsn(), target) < 0) {
            return false;
        }
        if (receivedTarget != target) {
            receivedTarget = target;
            targetCommitLsn = acknowledgement.receivedCommitLsn();
        }
        return snapshots.isDone()
                && sinksHaveAllChunks()
                && !safe.aWorkingSinkReplays()
                && Lsn.compare(safe.endLsnOfWorkingSinks(), targetCommitLsn) >= 0
                && (Lsn.compare(flushLsn, target) >= 0 || safe.aSinkHasFailed());
    }

    // ---- before the stream

    /** Returns true if a chunk may be appended now. If the queue is full, makes room. */
    boolean mayAppend() {
        if (paused) {
            return false;
        }
        if (!space.isShort(clock.nanos())) {
            return true;
        }
        checkpointWhenDue();
        state.releaseAll();
        return false;
    }

    /** Writes capture's checkpoint if the flush interval has passed. Tells the server nothing. */
    void checkpointWhenDue() {
        if (clock.nanos() - lastStatusNanos >= TimeUnit.MILLISECONDS.toNanos(timing.flushIntervalMs)) {
            checkpoint();
        }
    }

    /** Writes capture's checkpoint. */
    void checkpoint() {
        state.acknowledge(safe.flushLsn(acknowledgement));
        lastStatusNanos = clock.nanos();
    }

    /** Returns true if the working sinks have the last chunk of a snapshot in the queue. */
    boolean sinksHaveAllChunks() {
        long last = chunks.lastIndex();
        return last == SegmentStore.NONE || safe.workingSinksHave(last);
    }

    /** Ends an orderly stop, after the sinks have stopped. Reports their durable progress and waits until the server has read it. */
    void sayGoodbye(ReplicationStream stream) {
        try {
            reportAndAwaitAnswer(stream);
        } catch (SourceException e) {
            if (e.code() == ErrorCode.PUBLICATION_SKIPPED) {
                throw e;
            }
            // all is safe and recorded here: the server sends again what it was not told, and the next run skips it
            LOG.debug("the server did not hear the last status", e);
        }
    }

    private void reportAndAwaitAnswer(ReplicationStream stream) {
        answered = false;
        reportStatus(stream, true);
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(GOODBYE_MS);
        FrameHandler untilAnswered = new FrameHandler() {
            @Override
            public void data(long lsn, long serverMicros, byte[] buffer, int offset, int length) {}

            @Override
            public void keepalive(long walEnd, boolean replyRequestedNow) {
                answered = true;
            }
        };
        while (!answered && clock.nanos() < deadline) {
            stream.receive(untilAnswered, IDLE_WAIT_MS);
        }
    }

    @Override
    public void data(long lsn, long serverMicros, byte[] buffer, int offset, int length) {
        writer.frame(lsn, serverMicros, buffer, offset, length);
    }

    @Override
    public void keepalive(long walEnd, boolean reply) {
        acknowledgement.quietUntil(walEnd);
        walEndLsn = walEnd;
        replyRequested |= reply;
    }
}
