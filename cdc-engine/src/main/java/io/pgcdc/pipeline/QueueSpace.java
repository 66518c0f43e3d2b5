package io.pgcdc.pipeline;

import io.pgcdc.config.FullPolicy;
import io.pgcdc.config.QueueConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Lsn;
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
final class QueueSpace {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSpace.class);

    /** A fast disk takes some 100 MB in this time: less than the reserve that is kept by default. */
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final QueueConfig config;
    private final SegmentStore store;
    private final SafePoint safe;
    private final Acknowledgement acknowledgement;
    private final LongSupplier freeBytes;
    private long lookedNanos;
    private long pausedNanos;
    private @Nullable String shortage;
    private @Nullable String diskIsFull;

    /** @param freeBytes on the queue's disk */
    QueueSpace(
            QueueConfig config,
            SegmentStore store,
            SafePoint safe,
            Acknowledgement acknowledgement,
            LongSupplier freeBytes,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.safe = safe;
        this.acknowledgement = acknowledgement;
        this.freeBytes = freeBytes;
        lookedNanos = clock.nanos() - LOOK_EVERY_NANOS;
    }

    /**
     * Whether reading must pause. Looks at the disk now and then only; logs when that changes.
     *
     * @throws QueueException QUEUE_FULL at the quota, when that is asked for
     */
    boolean isShort(long nowNanos) {
        String now = overQuota();
        if (now == null) {
            now = onFullDisk(nowNanos);
        }
        if (now != null && shortage == null) {
            pausedNanos = nowNanos;
            LOG.warn("reading pauses: {}; the primary keeps its WAL meanwhile. It goes on by itself.", now);
        } else if (now == null && shortage != null) {
            LOG.info("reading goes on after a pause of {} ms", TimeUnit.NANOSECONDS.toMillis(nowNanos - pausedNanos));
        }
        shortage = now;
        return now != null;
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

    private @Nullable String overQuota() {
        if (config.maxBytes() == 0) {
            return null;
        }
        long stored = store.storedBytes();
        if (stored + config.segmentBytes() <= config.maxBytes() || !aSinkLags()) {
            return null;
        }
        String what = "the queue holds " + stored + " bytes, as many as queue.max_bytes = " + config.maxBytes()
                + " allows, for a sink lags behind";
        if (config.whenFull() == FullPolicy.FAIL) {
            throw new QueueException(
                    ErrorCode.QUEUE_FULL,
                    what + "; " + config.dir()
                            + ". Look after that sink, then start again: nothing is lost; or raise the quota.");
        }
        return what;
    }

    /** Without one, what is in the way is a single transaction that has not come to its end: pausing would not help it. */
    private boolean aSinkLags() {
        return Lsn.compare(safe.endLsnOfAllSinks(), acknowledgement.receivedCommitLsn()) < 0;
    }
}
