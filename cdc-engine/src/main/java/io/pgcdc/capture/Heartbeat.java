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
 * Writes a logical message to the source when nothing was captured for a while though the server's WAL grows: so a slot moves on
 * whose own tables are silent. {@link SegmentWriter} drops these messages, its own and those of other pipelines. Capture thread.
 */
public final class Heartbeat {

    /** No sink ever sees a message with this prefix. */
    public static final String PREFIX = "pgcdc.heartbeat";

    /**
     * An idle server writes a little by itself (running transactions, checkpoints), also because of our own message: that must not
     * keep both going for ever, and fill an archive.
     */
    private static final long WORTH_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final ToLongFunction<String> server;
    private final long intervalNanos;
    private long lastNanos;
    private long lastLsn;
    private boolean refused;

    /**
     * Beats for a server.
     *
     * @param server emits a message with that prefix and returns its LSN
     * @param intervalMs 0: none is ever sent
     */
    public Heartbeat(ToLongFunction<String> server, long intervalMs, Clock clock) {
        this.server = server;
        lastNanos = clock.nanos();
        intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        refused = intervalMs == 0;
    }

    /**
     * Sends one when it is time.
     *
     * @param commitLsn end of the last commit that was captured
     * @param walEndLsn where the server's WAL is, as the last keepalive said
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
                    "{} No more heartbeats are sent: while its own tables are silent, the slot moves with keepalives only.",
                    e.describe());
        }
    }

    private boolean worth(long walEndLsn) {
        return Lsn.compare(walEndLsn, lastLsn) > 0 && walEndLsn - lastLsn >= WORTH_BYTES;
    }
}
