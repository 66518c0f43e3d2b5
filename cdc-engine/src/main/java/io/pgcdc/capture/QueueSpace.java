package io.pgcdc.capture;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.life.Clock;
import io.pgcdc.progress.CaptureState;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.SegmentStore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room for more. A disk is never filled to its end: a mapped file that has no place on it faults, and one that is
 * nearly full takes no checkpoint any more. Capture thread.
 */
public final class QueueSpace {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSpace.class);

    /** A fast disk takes some 100 MB in this time: less than the reserve that is kept by default. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Sinks that keep up let go of files now and then only; a pause as short as that is no news. */
    private static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final QueueConfig config;
    private final SegmentStore store;
    private final CaptureState state;
    private final LongSupplier freeBytes;
    private long lookedNanos;
    private boolean pausing;
    private boolean said;
    private long pausedNanos;
    private @Nullable String diskIsFull;

    /** @param freeBytes on the queue's disk */
    public QueueSpace(QueueConfig config, SegmentStore store, CaptureState state, LongSupplier freeBytes, Clock clock) {
        this.config = config;
        this.store = store;
        this.state = state;
        this.freeBytes = freeBytes;
        lookedNanos = clock.nanos() - LOOK_EVERY_NANOS;
    }

    /**
     * Whether reading must pause. Looks at the disk now and then only; logs what lasts.
     *
     * @throws QueueException QUEUE_FULL at the quota, when that is asked for
     */
    boolean isShort(long nowNanos) {
        String quota = overQuota();
        String shortage = quota == null ? onFullDisk(nowNanos) : quota;
        if (shortage == null) {
            if (said) {
                LOG.info(
                        "reading goes on after a pause of {} ms",
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
                                + ". Look after that sink, then start again: nothing is lost; or raise the quota.");
            }
            LOG.warn("reading pauses: {}; the primary keeps its WAL meanwhile. It goes on by itself.", shortage);
        }
        return true;
    }

    /** A single transaction that has not come to its end may be larger: pausing would not help it. */
    private @Nullable String overQuota() {
        if (config.maxBytes() == 0) {
            return null;
        }
        long stored = store.storedBytes();
        return stored + config.segmentBytes() <= config.maxBytes() || !state.holdsWhatWillGo()
                ? null
                : "the queue holds " + stored + " bytes, as many as queue.max_bytes = " + config.maxBytes()
                        + " allows, for a sink lags behind";
    }

    private @Nullable String onFullDisk(long nowNanos) {
        if (!store.reserve()) {
            return "the disk of " + config.dir() + " is full, free some";
        }
        if (nowNanos - lookedNanos >= LOOK_EVERY_NANOS) {
            lookedNanos = nowNanos;
            long free = freeBytes.getAsLong();
            diskIsFull = free < config.minFreeBytes()
                    ? free + " bytes are free on the disk of " + config.dir() + ", less than queue.min_free_bytes = "
                            + config.minFreeBytes() + ", free some"
                    : null;
        }
        return diskIsFull;
    }
}
