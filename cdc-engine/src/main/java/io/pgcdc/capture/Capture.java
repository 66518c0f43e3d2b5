package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Clock;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.model.Lsn;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.wire.ReplicationStream;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs capture across connections. When one is lost, opens another after growing pauses, with the same checks as the first. Sinks
 * continue meanwhile. Capture thread.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private static final long LONGEST_PAUSE_MS = 10_000;

    /** Errors that end with a failover, or with the lost connection's walsender. Capture tries again after them. */
    public static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.SOURCE_IN_RECOVERY, ErrorCode.SLOTS_EXHAUSTED, ErrorCode.TLS_FAILED);

    /** The same if a password is read again at each connect: server and file get a new one at different times. */
    private static final Set<ErrorCode> PASSING_WITH_LOGIN = Set.of(
            ErrorCode.SOURCE_IN_RECOVERY,
            ErrorCode.SLOTS_EXHAUSTED,
            ErrorCode.TLS_FAILED,
            ErrorCode.AUTHENTICATION_FAILED);

    private final Connecting first;
    private final Connecting connecting;
    private final @Nullable SnapshotPhase snapshot;
    private final CaptureLoop loop;
    private final Standstill standstill;
    private final Lifecycle lifecycle;
    private final boolean reconnect;
    private final Set<ErrorCode> passing;
    private volatile @Nullable ReplicationStream stream;
    private final Clock clock;
    private final Backoff backoff;

    /** Connects with all checks, and starts the stream. */
    public interface Connecting {
        ReplicationStream connect();
    }

    /**
     * Starts the stream, unless a snapshot comes first.
     *
     * @param first starts the first stream
     * @param connecting starts the later ones
     * @param snapshot null: there is none to read before the stream
     * @param source without reconnect, a lost connection ends the run
     */
    public Capture(
            Connecting first,
            Connecting connecting,
            @Nullable SnapshotPhase snapshot,
            CaptureLoop loop,
            Standstill standstill,
            Lifecycle lifecycle,
            SourceConfig source) {
        this.first = first;
        this.snapshot = snapshot;
        this.stream = snapshot == null ? first.connect() : null;
        this.connecting = connecting;
        this.loop = loop;
        this.standstill = standstill;
        this.lifecycle = lifecycle;
        this.reconnect = source.reconnect();
        this.passing = passing(source);
        this.clock = lifecycle.clock();
        this.backoff = new Backoff(clock, LONGEST_PAUSE_MS);
    }

    /** Returns the errors that may pass although their directive is NEVER, once a connection has existed. */
    public static Set<ErrorCode> passing(SourceConfig source) {
        return source.mayPasswordChange() ? PASSING_WITH_LOGIN : PASSING;
    }

    /** Captures until the run stops. */
    public void run() {
        ReplicationStream current = snapshot == null ? stream : afterSnapshot(snapshot);
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

    /** Reads the snapshot, then starts the stream. Returns null if the run stops. */
    private @Nullable ReplicationStream afterSnapshot(SnapshotPhase phase) {
        if (!isRead(phase)) {
            return null;
        }
        ReplicationStream started;
        try {
            started = first.connect();
        } catch (SourceException e) {
            if (!reconnect) {
                throw e;
            }
            requirePassing(e);
            started = connectAgain(e);
        }
        stream = started;
        return started;
    }

    /** Reads the snapshot. Waits while the server does not answer. Returns false if the run stops. */
    private boolean isRead(SnapshotPhase phase) {
        while (!lifecycle.stopping()) {
            try {
                boolean read = phase.run();
                lifecycle.sourceWorks();
                return read;
            } catch (SourceException e) {
                if (!reconnect) {
                    throw e;
                }
                requirePassing(e);
                long pause = backoff.next();
                lifecycle.sourceFails(e);
                LOG.warn("{} Trying again in {} ms.", e.describe(), pause);
                lifecycle.pause(pause);
            }
        }
        return false;
    }

    /** Returns a new stream, or null if the run stops. */
    private @Nullable ReplicationStream connectAgain(SourceException lost) {
        SourceException last = lost;
        long since = clock.nanos();
        while (!lifecycle.stopping()) {
            loop.meetRequests();
            long pause = backoff.next();
            lifecycle.sourceFails(last);
            LOG.warn("{} Connecting again in {} ms.", last.describe(), pause);
            if (!lifecycle.pause(pause)) {
                return null;
            }
            try {
                ReplicationStream found = connecting.connect();
                LOG.info(
                        "connected again after {} ms; the stream continues after {}",
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

    /** Throws the error if connecting again cannot help. */
    private void requirePassing(SourceException e) {
        if (e.retry() == Retry.NEVER && !passing.contains(e.code())) {
            throw e;
        }
        SourceException end = standstill.failed(e, loop.place());
        if (end != null) {
            throw end;
        }
    }

    /** Reports the sinks' durable progress to the server, if there is a connection. */
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

    /** Returns true if there is a connection. Any thread. */
    public boolean connected() {
        return stream != null;
    }

    /** Returns what the tables' rows take. Any thread. */
    public TableTraffic traffic() {
        return loop.traffic();
    }

    /** Returns true if reading is paused on request. Any thread. */
    public boolean isPaused() {
        return loop.isPaused();
    }

    /** Returns the end of the server's WAL by its last keepalive; {@link Lsn#INVALID} before the first one. Any thread. */
    public long walEndLsn() {
        return loop.walEndLsn();
    }

    /** Makes the pipeline stop when this LSN is acknowledged. Any thread. */
    public void finishAt(long lsn) {
        loop.finishAt(lsn);
    }
}
