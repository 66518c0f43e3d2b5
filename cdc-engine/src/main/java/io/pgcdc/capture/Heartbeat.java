package io.pgcdc.capture;

import io.pgcdc.error.Retry;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Clock;
import io.pgcdc.model.Lsn;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a logical message to the source if nothing was captured for a while but the server's WAL grows. The slot then moves even if its
 * own tables do not change. {@link SegmentWriter} drops these messages, also those of other pipelines. Capture thread.
 */
public final class Heartbeat {

    /** Prefix of these messages. No sink sees them. */
    public static final String PREFIX = "pgcdc.heartbeat";

    /**
     * Least growth of the WAL that is worth a message. Even an idle server writes some WAL (running transactions, checkpoints), also because
     * of our message. Below this limit the two would keep each other writing, and fill an archive.
     */
    private static final long WORTH_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final ToLongFunction<String> server;
    private final long intervalNanos;
    private long lastNanos;
    private long lastLsn;
    private boolean refused;

    /**
     * Sends nothing yet.
     *
     * @param server emits a message with that prefix and returns its LSN
     * @param intervalMs 0: send no heartbeats
     */
    public Heartbeat(ToLongFunction<String> server, long intervalMs, Clock clock) {
        this.server = server;
        lastNanos = clock.nanos();
        intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        refused = intervalMs == 0;
    }

    /**
     * Sends a heartbeat if one is due.
     *
     * @param commitLsn end of the last captured commit
     * @param walEndLsn end of the server's WAL by its last keepalive
     */
    void beatWhenDue(long nowNanos, long commitLsn, long walEndLsn) {
        if (Lsn.compare(commitLsn, lastLsn) > 0) {
            lastLsn = commitLsn;
            lastNanos = nowNanos;
        }
        if (refused || nowNanos - lastNanos < intervalNanos || !worth(walEndLsn)) {
            return;
        }
        lastNanos = nowNanos;
        try {
            lastLsn = Lsn.max(walEndLsn, server.applyAsLong(PREFIX));
            LOG.debug("heartbeat at {}", Lsn.toString(lastLsn));
        } catch (SourceException e) {
            if (e.retry() == Retry.RECONNECT) {
                LOG.debug("no heartbeat this time", e);
                return;
            }
            refused = true;
            LOG.warn(
                    "{} pgcdc sends no more heartbeats: while the slot's own tables do not change, only keepalives move it.",
                    e.describe());
        }
    }

    private boolean worth(long walEndLsn) {
        return Lsn.compare(walEndLsn, lastLsn) > 0 && walEndLsn - lastLsn >= WORTH_BYTES;
    }
}
