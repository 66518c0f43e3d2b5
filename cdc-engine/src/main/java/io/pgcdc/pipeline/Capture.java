package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Capture over as many connections as it takes: when one is lost, another is opened, after pauses that grow, and passes the same checks
 * as the first. Sinks go on meanwhile. Capture thread.
 */
final class Capture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 10_000;

    /** They pass once a failover is over, or once the lost connection's own process has ended. */
    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.SOURCE_IN_RECOVERY, ErrorCode.SLOTS_EXHAUSTED, ErrorCode.TLS_FAILED);

    private final Connecting connecting;
    private final CaptureLoop loop;
    private final Lifecycle lifecycle;
    private final boolean reconnect;
    private @Nullable SourceSession session;
    private long pauseMs = FIRST_PAUSE_MS;

    /** Opens a checked session on which the stream is started. */
    interface Connecting {
        SourceSession connect();
    }

    /**
     * Goes on with a session.
     *
     * @param first its stream is started
     */
    Capture(SourceSession first, Connecting connecting, CaptureLoop loop, Lifecycle lifecycle, boolean reconnect) {
        this.session = first;
        this.connecting = connecting;
        this.loop = loop;
        this.lifecycle = lifecycle;
        this.reconnect = reconnect;
    }

    /** Captures until told to stop. */
    void run() {
        SourceSession current = session;
        while (current != null) {
            long since = System.nanoTime();
            try {
                loop.run(current.connection());
                return;
            } catch (SourceException e) {
                session = null;
                current.close();
                if (!reconnect || !mayPass(e)) {
                    throw e;
                }
                loop.connectionEnded();
                if (System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MS)) {
                    pauseMs = FIRST_PAUSE_MS;
                }
                current = connectAgain(e);
                session = current;
            }
        }
    }

    /** Null when it is time to stop. */
    private @Nullable SourceSession connectAgain(SourceException lost) {
        SourceException last = lost;
        long since = System.nanoTime();
        while (!lifecycle.stopping()) {
            long pause = pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
            LOG.warn("{} Connecting again in {} ms.", last.describe(), pause);
            pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            if (!lifecycle.pause(pause)) {
                return null;
            }
            try {
                SourceSession found = connecting.connect();
                LOG.info(
                        "connected again after {} ms; the stream goes on behind {}",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since),
                        Lsn.toString(loop.receivedLsn()));
                return found;
            } catch (SourceException e) {
                if (!mayPass(e)) {
                    throw e;
                }
                last = e;
            }
        }
        return null;
    }

    private static boolean mayPass(SourceException e) {
        return e.retry() != Retry.NEVER || PASSING.contains(e.code());
    }

    /** Tells the server, if it is there, what the sinks made durable up to now. */
    void sayGoodbye() {
        SourceSession current = session;
        if (current != null) {
            loop.sayGoodbye(current.connection());
        }
    }

    @Override
    public void close() {
        SourceSession current = session;
        session = null;
        if (current != null) {
            current.close();
        }
    }

    /** The pipeline stops by itself once this LSN is acknowledged. Any thread. */
    void finishAt(long lsn) {
        loop.finishAt(lsn);
    }
}
