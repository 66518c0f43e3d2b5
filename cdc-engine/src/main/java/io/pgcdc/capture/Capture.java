package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Lsn;
import io.pgcdc.wire.ReplicationStream;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Capture over as many connections as it takes: when one is lost, another is opened, after pauses that grow, and passes the same checks
 * as the first. Sinks go on meanwhile. Capture thread.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private static final long LONGEST_PAUSE_MS = 10_000;

    /** They pass once a failover is over, or once the lost connection's own process has ended. */
    public static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.SOURCE_IN_RECOVERY, ErrorCode.SLOTS_EXHAUSTED, ErrorCode.TLS_FAILED);

    private final Connecting connecting;
    private final CaptureLoop loop;
    private final Standstill standstill;
    private final Lifecycle lifecycle;
    private final boolean reconnect;
    private volatile @Nullable ReplicationStream stream;
    private final Clock clock;
    private final Backoff backoff;

    /** Connects with all checks, and starts the stream. */
    public interface Connecting {
        ReplicationStream connect();
    }

    /**
     * Goes on with a stream.
     *
     * @param first started
     */
    public Capture(
            ReplicationStream first,
            Connecting connecting,
            CaptureLoop loop,
            Standstill standstill,
            Lifecycle lifecycle,
            boolean reconnect) {
        this.stream = first;
        this.connecting = connecting;
        this.loop = loop;
        this.standstill = standstill;
        this.lifecycle = lifecycle;
        this.reconnect = reconnect;
        this.clock = lifecycle.clock();
        this.backoff = new Backoff(clock, LONGEST_PAUSE_MS);
    }

    /** Captures until told to stop. */
    public void run() {
        ReplicationStream current = stream;
        while (current != null) {
            long since = clock.nanos();
            try {
                loop.run(current);
                return;
            } catch (SourceException e) {
                stream = null;
                current.close();
                if (!reconnect) {
                    throw e;
                }
                requirePassing(e);
                loop.connectionEnded();
                if (clock.nanos() - since > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MS)) {
                    backoff.reset();
                }
                current = connectAgain(e);
                stream = current;
            }
        }
    }

    /** Null when it is time to stop. */
    private @Nullable ReplicationStream connectAgain(SourceException lost) {
        SourceException last = lost;
        long since = clock.nanos();
        while (!lifecycle.stopping()) {
            loop.meetRequests();
            long pause = backoff.next();
            LOG.warn("{} Connecting again in {} ms.", last.describe(), pause);
            if (!lifecycle.pause(pause)) {
                return null;
            }
            try {
                ReplicationStream found = connecting.connect();
                LOG.info(
                        "connected again after {} ms; the stream goes on after {}",
                        TimeUnit.NANOSECONDS.toMillis(clock.nanos() - since),
                        Lsn.toString(loop.receivedLsn()));
                return found;
            } catch (SourceException e) {
                requirePassing(e);
                last = e;
            }
        }
        return null;
    }

    /** Returns if connecting again can help. */
    private void requirePassing(SourceException e) {
        if (e.retry() == Retry.NEVER && !PASSING.contains(e.code())) {
            throw e;
        }
        SourceException end = standstill.failed(e, loop.place());
        if (end != null) {
            throw end;
        }
    }

    /** Tells the server, if it is there, what the sinks made durable up to now. */
    public void sayGoodbye() {
        ReplicationStream current = stream;
        if (current != null) {
            loop.sayGoodbye(current);
        }
    }

    @Override
    public void close() {
        ReplicationStream current = stream;
        stream = null;
        if (current != null) {
            current.close();
        }
    }

    /** Whether there is a connection. Any thread. */
    public boolean connected() {
        return stream != null;
    }

    /** Returns whether reading is paused because somebody asked for it. Any thread. */
    public boolean isPaused() {
        return loop.isPaused();
    }

    /** The end of the server's WAL, as its last keepalive said; {@link Lsn#INVALID}: it said nothing yet. Any thread. */
    public long walEndLsn() {
        return loop.walEndLsn();
    }

    /** The pipeline stops by itself once this LSN is acknowledged. Any thread. */
    public void finishAt(long lsn) {
        loop.finishAt(lsn);
    }
}
