package io.pgcdc.pipeline;

import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.ConfirmPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows everything about a simulated run, and checks each promise. */
final class Judge {

    /** Bytes of a segment beyond its target size: its header, and the frames around the one that fills it. */
    private static final int OVERHEAD = 512;

    private final World world;
    private final ModelWal wal;
    private final ConfirmPolicy confirm;
    private final long segmentBytes;
    private final long maxBytes;
    private final List<ModelTarget> targets;
    private @Nullable ModelStorage storage;
    private long told;

    Judge(
            World world,
            ModelWal wal,
            ConfirmPolicy confirm,
            long segmentBytes,
            long maxBytes,
            List<ModelTarget> targets) {
        this.world = world;
        this.wal = wal;
        this.confirm = confirm;
        this.segmentBytes = segmentBytes;
        this.maxBytes = maxBytes;
        this.targets = targets;
    }

    void watch(ModelStorage watched) {
        storage = watched;
    }

    /** Returns the last flush LSN sent. */
    long told() {
        return told;
    }

    /** Checks invariant 1 when capture reports to the server. */
    void acknowledged(long received, long flushed) {
        ModelStorage at = storage;
        CaptureCheckpoint written = at == null ? null : at.capture().forced();
        if (at == null || written == null || written.acknowledgedLsn() < flushed) {
            throw world.violated(flushed + " was acknowledged before it was written down");
        }
        if (flushed < told || received < flushed) {
            throw world.violated("acknowledged " + flushed + ", received " + received + ", after " + told);
        }
        told = flushed;
        int count = wal.countOfWalUpTo(flushed);
        if (inForce(at) == ConfirmPolicy.QUEUE) {
            if (count > 0 && wal.expected().get(count - 1).end() > at.store().durableEndLsn()) {
                throw world.violated(flushed + " was acknowledged, and the queue is durable up to "
                        + at.store().durableEndLsn());
            }
            return;
        }
        for (ModelTarget target : targets) {
            if (target.has() < count) {
                throw world.violated(flushed + " was acknowledged, which is " + count + " changes, and " + target.name()
                        + " has " + target.has());
            }
        }
    }

    /** What a person finds in the queue's directory: while it says sinks, they have everything that was acknowledged. */
    private ConfirmPolicy inForce(ModelStorage at) {
        if (confirm != ConfirmPolicy.AUTO) {
            return confirm;
        }
        ConfirmPolicy last = at.confirms().last();
        return last == null ? ConfirmPolicy.SINKS : last;
    }

    /**
     * Memory, and disk, under their bounds whatever a transaction's size.
     *
     * @param atLook what was stored when the quota was last looked at
     */
    void stored(int segment, long atLook) {
        if (segment > segmentBytes + wal.largestFrame() + OVERHEAD) {
            throw world.violated("a segment takes " + segment + " bytes");
        }
        // small messages take several times their size, because of their headers
        if (maxBytes > 0 && atLook > maxBytes + 3 * wal.largestTransaction()) {
            throw world.violated("the queue took " + atLook + " bytes of " + maxBytes);
        }
    }
}
