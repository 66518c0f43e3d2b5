package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.life.Clock;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.SegmentStore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides if reading must pause because the queue is short of space. pgcdc never fills a disk completely: writing to a mapped file without
 * disk space faults, and a full disk accepts no checkpoints. Capture thread.
 */
public final class QueueSpace {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSpace.class);

    /** Interval of looks at the disk. A fast disk takes some 100 MB in this time: less than the default of queue.min_free_bytes. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Pause between two checks for free space. */
    private static final long PAUSE_MS = 100;

    private static final long PAUSE_IN_MEMORY_MS = 2;

    /** Shorter pauses are not logged: even sinks that keep up free a file only now and then. */
    private static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final QueueConfig config;
    private final SegmentStore store;
    private final BooleanSupplier drains;
    private final long lookAgainMs;
    private final LongSupplier freeBytes;
    private long lookedNanos;
    private boolean pausing;
    private boolean said;
    private long pausedNanos;
    private @Nullable String diskIsFull;

    /**
     * Looks at nothing yet.
     *
     * @param freeBytes returns the free bytes on the queue's disk
     */
    public QueueSpace(QueueConfig config, SegmentStore store, CaptureState state, LongSupplier freeBytes, Clock clock) {
        this(config, store, state::holdsNeeded, PAUSE_MS, freeBytes, clock);
    }

    /** For a queue in memory. It gets smaller with each segment that is read, also within a transaction. */
    public static QueueSpace inMemory(QueueConfig config, SegmentStore store, Clock clock) {
        return new QueueSpace(config, store, () -> true, PAUSE_IN_MEMORY_MS, () -> Long.MAX_VALUE, clock);
    }

    private QueueSpace(
            QueueConfig config,
            SegmentStore store,
            BooleanSupplier drains,
            long lookAgainMs,
            LongSupplier freeBytes,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.drains = drains;
        this.lookAgainMs = lookAgainMs;
        this.freeBytes = freeBytes;
        lookedNanos = clock.nanos() - LOOK_EVERY_NANOS;
    }

    /**
     * Returns true if reading must pause. Looks at the disk every 50 ms at most. Logs pauses of a second or more.
     *
     * @throws QueueException QUEUE_FULL: the quota is reached, and {@code queue.when_full} is {@code fail}
     */
    boolean isShort(long nowNanos) {
        String quota = overQuota();
        String shortage = quota == null ? onFullDisk(nowNanos) : quota;
        if (shortage == null) {
            if (said) {
                LOG.info(
                        "reading continues after a pause of {} ms",
                        TimeUnit.NANOSECONDS.toMillis(nowNanos - pausedNanos));
            }
            pausing = false;
            said = false;
            return false;
        }
        if (!pausing) {
            pausing = true;
            pausedNanos = nowNanos;
        } else if (!said && nowNanos - pausedNanos >= NEWS_NANOS) {
            said = true;
            if (quota != null && config.whenFull() == FullPolicy.FAIL) {
                throw new QueueException(
                        ErrorCode.QUEUE_FULL,
                        quota + "; " + config.dir()
                                + ". Repair that sink's target, or raise queue.max_bytes; then start again. No change is lost.");
            }
            LOG.warn(
                    "reading pauses: {}. It continues when there is space; the primary keeps its WAL meanwhile.",
                    shortage);
        }
        return true;
    }

    /** Returns after which pause to ask again, in milliseconds. */
    long lookAgainMs() {
        return lookAgainMs;
    }

    /** Returns a message if the quota is reached, else null. A single open transaction may exceed it, because a pause would not help. */
    private @Nullable String overQuota() {
        if (config.maxBytes() == 0) {
            return null;
        }
        long stored = store.storedBytes();
        return stored + config.segmentBytes() <= config.maxBytes() || !drains.getAsBoolean()
                ? null
                : "the queue holds " + stored + " bytes and has reached queue.max_bytes = " + config.maxBytes()
                        + ", because a sink lags";
    }

    private @Nullable String onFullDisk(long nowNanos) {
        if (!store.reserve()) {
            return "the disk of " + config.dir() + " is full: free some space";
        }
        if (nowNanos - lookedNanos >= LOOK_EVERY_NANOS) {
            lookedNanos = nowNanos;
            long free = freeBytes.getAsLong();
            diskIsFull = free < config.minFreeBytes()
                    ? free + " bytes are free on the disk of " + config.dir() + ", less than queue.min_free_bytes = "
                            + config.minFreeBytes() + ": free some space"
                    : null;
        }
        return diskIsFull;
    }
}
