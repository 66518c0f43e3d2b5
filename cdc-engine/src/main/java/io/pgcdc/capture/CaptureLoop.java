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
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationStream;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture thread's work: reads the stream into segments, answers keepalives, and reports the flush LSN. It never waits for a
 * sink.
 */
public final class CaptureLoop implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);

    /** How long one wait for data may last while sinks still work: after it, what they made durable is acknowledged. */
    private static final int BUSY_WAIT_MS = 10;

    private static final int IDLE_WAIT_MS = 100;

    /** Between two looks whether there is room again. */
    private static final long PAUSE_MS = 100;

    /** While a target LSN is not reached and nothing comes, the server is asked where it stands. */
    private static final long ASK_MS = 100;

    private static final long GOODBYE_MS = 2_000;

    /** Looking at the clock costs as much as taking a frame in; once in so many is often enough. */
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

    /** Somebody asked to read nothing more. Written by the capture thread. */
    private volatile boolean paused;

    private volatile long targetLsn = Lsn.INVALID;

    /** The target that has been received, and the last commit up to there. */
    private long receivedTarget = Lsn.INVALID;

    private long targetCommitLsn;
    private long lastStatusNanos;
    private long lastReceivedNanos;
    private long sentFlushLsn;
    private volatile long walEndLsn;
    private boolean replyRequested;
    private boolean answered;

    /** When to report; the first of interval and bytes of WAL counts. */
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
            Inbox<CaptureRequest> inbox) {
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

    /** The pipeline stops by itself once this LSN is acknowledged. Any thread. */
    synchronized void finishAt(long lsn) {
        targetLsn = Lsn.max(targetLsn, lsn);
    }

    /** How far the stream has come, for the log. */
    long receivedLsn() {
        return acknowledgement.receivedLsn();
    }

    /** The end of the server's WAL, as its last keepalive said. Any thread. */
    long walEndLsn() {
        return walEndLsn;
    }

    /** How far it came on this connection. */
    Standstill.StreamPlace place() {
        return new Standstill.StreamPlace(
                acknowledgement.receivedLsn(), acknowledgement.receivedCommitLsn(), writer.openCommitLsn());
    }

    /** Reads until told to stop, or until the target is reached. Returns at a moment when whole transactions only are handed over. */
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

    /** What is whole goes to the queue; the rest comes again on the next connection. */
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

    /** Invariant 9: the server hears from a paused reader too. What it sends meanwhile waits in the socket. */
    private void pauseReading(ReplicationStream stream) {
        // sinks shall come as far as they can
        segment.closeIfWhole();
        do {
            lastReceivedNanos = clock.nanos();
            reportWhenDue(stream);
            if (!paused) {
                makeRoom(stream);
            }
            if (!lifecycle.pause(PAUSE_MS)) {
                return;
            }
            meetRequests();
        } while (paused || space.isShort(clock.nanos()));
        lastReceivedNanos = clock.nanos();
    }

    private void makeRoom(ReplicationStream stream) {
        if (lastReceivedNanos - lastStatusNanos >= TimeUnit.MILLISECONDS.toNanos(timing.flushIntervalMs)) {
            // what is written down lets files go
            reportStatus(stream, false);
        }
        state.releaseAll();
    }

    /** Meets requests, between frames; but not within a transaction, of which the queue may hold a part. */
    void meetRequests() {
        if (inbox.isEmpty() || writer.openCommitLsn() != Lsn.INVALID) {
            return;
        }
        inbox.take(request -> {
            boolean pause = request == CaptureRequest.PAUSE;
            if (pause != paused) {
                LOG.info(pause ? "reading is paused; the primary keeps its WAL meanwhile" : "reading goes on");
            }
            paused = pause;
            return true;
        });
    }

    /** Returns whether reading is paused because somebody asked for it. Any thread. */
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
        long flushLsn = acknowledgement.flushLsn(safe.endLsn());
        long advance = flushLsn - sentFlushLsn;
        // while it is paused, answers would pile up in the socket
        boolean finishing = targetLsn != Lsn.INVALID && !paused;
        if (replyRequested
                || sinceStatus >= timing.statusIntervalMs
                || (advance != 0 && sinceStatus >= timing.flushIntervalMs)
                || advance >= timing.flushBytes
                || (finishing && sinceStatus >= ASK_MS)) {
            reportStatus(stream, finishing || sinceReceived > timing.receiveTimeoutMs / 2);
        }
        heartbeat.beatWhenDue(now, acknowledgement.receivedCommitLsn(), walEndLsn);
    }

    private void reportStatus(ReplicationStream stream, boolean askBack) {
        stream.checkNotices();
        long flushLsn = acknowledgement.flushLsn(safe.endLsn());
        state.acknowledge(flushLsn);
        stream.sendStatus(Lsn.max(acknowledgement.receivedLsn(), flushLsn), flushLsn, askBack);
        sentFlushLsn = flushLsn;
        replyRequested = false;
        lastStatusNanos = clock.nanos();
        long target = targetLsn;
        if (target != Lsn.INVALID && isReached(target, flushLsn)) {
            lifecycle.stop();
        }
    }

    /** Received, delivered and acknowledged; a sink that failed for good will never get there, and the run ends with its error. */
    private boolean isReached(long target, long flushLsn) {
        if (Lsn.compare(acknowledgement.receivedLsn(), target) < 0) {
            return false;
        }
        if (receivedTarget != target) {
            receivedTarget = target;
            targetCommitLsn = acknowledgement.receivedCommitLsn();
        }
        return Lsn.compare(safe.endLsnOfWorkingSinks(), targetCommitLsn) >= 0
                && (Lsn.compare(flushLsn, target) >= 0 || safe.aSinkHasFailed());
    }

    /** The last words of an orderly stop, once the sinks have stopped: reports what they made durable and waits until the server has read it. */
    void sayGoodbye(ReplicationStream stream) {
        try {
            reportAndAwaitAnswer(stream);
        } catch (SourceException e) {
            if (e.code() == ErrorCode.PUBLICATION_SKIPPED) {
                throw e;
            }
            // all is safe and recorded here; the server will repeat what it did not hear of, and it is passed over then
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
