package io.pgcdc.progress;

import io.pgcdc.life.Clock;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.sink.Durability;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a sink has come: a checkpoint moves at ends of transactions only, and only to what the sink called durable. Written by the
 * sink's thread; what the volatile fields say may be read by any.
 */
public final class SinkProgress implements AutoCloseable {

    private static final long FORCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Checkpoint<SinkCheckpoint> file;
    private final int epoch;
    private @Nullable SinkCheckpoint accepted;
    private final Clock clock;
    private long lastForceNanos;

    /** Set by the thread that stops the pipeline, which waits a limited time for a sink that hangs. */
    private volatile boolean closed;

    private volatile long durableEndLsn;
    private volatile boolean failed;
    private volatile boolean paused;
    private volatile @Nullable Position durable;
    private volatile @Nullable Throwable trouble;

    /** No segment before it will ever be read again, not even after a power failure. */
    private volatile long neededFromIndex;

    /**
     * Goes on from the file.
     *
     * @param epoch that is received now; LSNs of earlier ones say nothing about it
     */
    public SinkProgress(Checkpoint<SinkCheckpoint> file, int epoch, Clock clock) {
        this.clock = clock;
        lastForceNanos = clock.nanos();
        this.file = file;
        this.epoch = epoch;
        show();
        neededFromIndex = nextIndex();
    }

    /** Where the sink's tailer begins. */
    public long nextIndex() {
        SinkCheckpoint last = file.current();
        return last == null ? SegmentStore.NONE : last.nextIndex();
    }

    /** End of the last commit that the sink has durably; {@link Lsn#INVALID}: none of this epoch. Any thread. */
    public long durableEndLsn() {
        return durableEndLsn;
    }

    /** {@link #position}, for any thread. */
    public @Nullable Position durable() {
        return durable;
    }

    /** The sink will take no more in this run. */
    public void fail(Throwable why) {
        trouble = why;
        failed = true;
    }

    /** The target failed in a way that may pass. */
    public void retrying(Throwable why) {
        trouble = why;
    }

    /** The target works again. */
    public void works() {
        trouble = null;
    }

    /** Says that the sink is paused because somebody asked for it, or that it goes on. */
    public void paused(boolean now) {
        paused = now;
    }

    /** Returns whether it is paused. Any thread. */
    public boolean isPaused() {
        return paused;
    }

    /** Any thread. */
    public boolean hasFailed() {
        return failed;
    }

    /** Why the sink failed, or tries again; null: it works. Any thread. */
    public @Nullable Throwable trouble() {
        return trouble;
    }

    /** The last change that the sink has durably, for the log. */
    public String describe() {
        SinkCheckpoint last = file.current();
        return last == null ? "nothing" : "all up to " + last.position();
    }

    /** It was never given anything. */
    public boolean isNew() {
        return file.current() == null;
    }

    /** Where a new sink begins; recorded at once, so that the next start does not choose another place. */
    public void startAt(SinkCheckpoint place) {
        file.write(place);
        show();
        neededFromIndex = nextIndex();
    }

    /**
     * Moves the checkpoint back, and forces it: the sink gets everything after that place again, also after a power failure. What it had
     * accepted must be durable. To be called under {@link Retention#hold}, which ends.
     */
    public void goBackTo(SinkCheckpoint place) {
        accepted = null;
        write(place);
        force();
    }

    /** Shows the checkpoint to other threads. The LSNs of another epoch say nothing about this one. */
    private void show() {
        SinkCheckpoint last = file.current();
        durableEndLsn = last == null || last.position().epoch() != epoch ? Lsn.INVALID : last.endLsn();
        durable = last == null ? null : last.position();
    }

    /** The last change that the sink has durably, or that it does without; null: none. */
    @Nullable
    public Position position() {
        SinkCheckpoint last = file.current();
        return last == null ? null : last.position();
    }

    /** The last change that the sink itself called durable, in this run or an earlier one; null: none. */
    @Nullable
    public Position confirmed() {
        return file.hasMoved() ? position() : null;
    }

    long neededFromIndex() {
        return neededFromIndex;
    }

    /** Needs all segments, until {@link #force}. */
    void needAll() {
        neededFromIndex = SegmentStore.NONE;
    }

    /** The sink took a batch that ends a transaction. */
    public void delivered(long index, Position last, long commitEndLsn, Durability durability) {
        long endLsn = last.epoch() == epoch ? commitEndLsn : Lsn.INVALID;
        SinkCheckpoint next =
                new SinkCheckpoint(index + 1, last, Lsn.max(durableEndLsn, Lsn.max(acceptedEndLsn(), endLsn)));
        if (durability == Durability.DURABLE) {
            write(next);
        } else {
            accepted = next;
        }
    }

    private long acceptedEndLsn() {
        SinkCheckpoint waiting = accepted;
        return waiting == null ? Lsn.INVALID : waiting.endLsn();
    }

    public boolean waitsForFlush() {
        return accepted != null;
    }

    /** All that the sink had accepted is durable. */
    public void flushed() {
        SinkCheckpoint waiting = accepted;
        if (waiting != null) {
            write(waiting);
        }
    }

    /** What the sink had accepted is lost to it, and comes again. */
    public void forgetAccepted() {
        accepted = null;
    }

    private void write(SinkCheckpoint checkpoint) {
        if (closed) {
            throw new IllegalStateException("the pipeline of this sink has ended");
        }
        accepted = null;
        if (isNew()) {
            file.write(checkpoint); // twice: written once, it would be where the sink began
        }
        file.write(checkpoint);
        show();
        if (clock.nanos() - lastForceNanos > FORCE_NANOS) {
            force();
        }
    }

    /** Makes the checkpoint survive a power failure, so that segments before it can go. */
    public void force() {
        file.force();
        lastForceNanos = clock.nanos();
        neededFromIndex = nextIndex();
    }

    @Override
    public void close() {
        closed = true;
        file.force();
        file.close();
    }
}
