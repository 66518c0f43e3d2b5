package io.pgcdc.progress;

import io.pgcdc.life.Clock;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.queue.Checkpoint;
import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.SinkMetrics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One sink's progress. Its checkpoint moves only at ends of transactions, and only to a position that the sink called durable. The sink's
 * thread writes it; any thread may read what the volatile fields hold.
 */
public final class SinkProgress implements AutoCloseable {

    private static final long FORCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Checkpoint<SinkCheckpoint> file;
    private final int epoch;
    private @Nullable SinkCheckpoint accepted;
    private final Clock clock;
    private final Meter changes = new Meter();
    private long lastForceNanos;

    private SinkMetrics.Timer latency = SinkMetrics.NONE.timer("");

    /** Commit time of the last change that the sink took; 0: not known. */
    private long takenCommitMicros;

    /** Set by the thread that stops the pipeline. A sink that hangs may then still be running. */
    private volatile boolean closed;

    private volatile long durableEndLsn;
    private volatile long durableIndex;

    /** The last segment that the sink took, perhaps in the middle of a transaction. */
    private volatile long takenIndex = SegmentStore.NONE;

    /** Where the sink was when the run began. */
    private volatile long startIndex;

    private volatile boolean failed;
    private volatile boolean paused;
    private volatile @Nullable ReplayProgress replaying;
    private volatile @Nullable Position durable;
    private volatile @Nullable Throwable trouble;
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    /** No segment before this index is read again, not even after a power failure. */
    private volatile long neededFromIndex;

    /**
     * Continues from the file.
     *
     * @param epoch the current one; LSNs of other epochs cannot be compared with its LSNs
     */
    public SinkProgress(Checkpoint<SinkCheckpoint> file, int epoch, Clock clock) {
        this.clock = clock;
        lastForceNanos = clock.nanos();
        this.file = file;
        this.epoch = epoch;
        show();
        startIndex = durableIndex;
        neededFromIndex = firstIndexNeeded();
    }

    /** Returns the index where the sink's tailer begins; NONE: the beginning of the queue. */
    public long nextIndex() {
        SinkCheckpoint last = file.current();
        return last == null ? SegmentStore.NONE : last.nextIndex();
    }

    /** Returns the end of the last commit that is durable in the sink; {@link Lsn#INVALID}: none of this epoch. Any thread. */
    public long durableEndLsn() {
        return durableEndLsn;
    }

    /** Returns the index after the last segment that the sink has. Any thread. */
    public long durableIndex() {
        return durableIndex;
    }

    /** Returns where the sink is: after what it took in this run, or after what is durable if that is further. Any thread. */
    public long reachedIndex() {
        return Math.max(durableIndex, takenIndex);
    }

    /** Returns {@link #durableIndex} as it was when the run began. Any thread. */
    public long startIndex() {
        return startIndex;
    }

    /** Returns the last change that is durable in the sink, or that it does not need because it began later; null: none. Any thread. */
    public @Nullable Position durable() {
        return durable;
    }

    /** Notes that the sink failed permanently: it takes no more changes, unless it is started again. */
    public void fail(Throwable why) {
        trouble = why;
        failed = true;
    }

    /** Notes that a sink that had failed permanently was started again. */
    public void startAgain() {
        failed = false;
        trouble = null;
    }

    /** Notes that the target failed and the sink tries again. */
    public void retrying(Throwable why) {
        retries.incrementAndGet();
        trouble = why;
    }

    /** Notes that the target works. */
    public void works() {
        trouble = null;
    }

    /** Notes that the target refused a change for good, and that it went to the dead letters. */
    public void refused() {
        refusals.incrementAndGet();
    }

    /** Returns how often a call of the sink failed with a temporary error in this run. Any thread. */
    public long retries() {
        return retries.get();
    }

    /** Returns how many changes went to the dead letters in this run. Any thread. */
    public long refusals() {
        return refusals.get();
    }

    /**
     * Notes that the sink took a batch.
     *
     * @param index of its segment
     * @param count its changes, those that the sink's filters leave out included
     * @param commitMicros commit time of the last one in microseconds since 1970 UTC; 0: they are rows of a snapshot
     */
    public void took(long index, long count, long commitMicros) {
        takenIndex = index;
        changes.add(count);
        takenCommitMicros = commitMicros;
    }

    /** Returns the changes that the sink took in this run, repeated ones included. Any thread. */
    public Meter changes() {
        return changes;
    }

    /** Sets what records how long changes took from their commit until they were durable in the sink. Call it before the sink's thread starts. */
    public void measure(SinkMetrics.Timer commitToDurable) {
        latency = commitToDurable;
    }

    /** Notes if the sink is paused on request. */
    public void paused(boolean now) {
        paused = now;
    }

    /** Returns true if the sink is paused on request. Any thread. */
    public boolean isPaused() {
        return paused;
    }

    /** Returns true if the sink failed permanently. Any thread. */
    public boolean hasFailed() {
        return failed;
    }

    /** Returns the error that the sink failed with or retries after; null: it works. Any thread. */
    public @Nullable Throwable trouble() {
        return trouble;
    }

    /** Returns in words what is durable in the sink, for the log. */
    public String describe() {
        SinkCheckpoint last = file.current();
        return last == null ? "nothing" : "all up to " + last.home().position();
    }

    /** Returns true if the sink has no checkpoint yet. */
    public boolean isNew() {
        return file.current() == null;
    }

    /** Sets where a new sink begins. Durable at once, so that the next start does not choose another place. */
    public void startAt(SinkCheckpoint place) {
        file.write(place);
        show();
        startIndex = durableIndex;
        neededFromIndex = firstIndexNeeded();
    }

    /**
     * Moves the checkpoint back to an earlier place: the sink gets all changes after it again. On return the move is durable. All changes that
     * the sink accepted must be durable before. Call {@link QueueRetention#hold} first; this ends the hold.
     */
    public void goBackTo(SinkCheckpoint place) {
        forgetAccepted();
        write(place);
        force();
    }

    /** Begins a replay: the sink gets changes after the place again. Durable on return. Call it like {@link #goBackTo}. */
    public void beginReplay(SinkCheckpoint place) {
        goBackTo(place);
    }

    /** Notes that the sink has emptied the tables that the replay begins with. Durable on return. */
    public void emptied() {
        SinkCheckpoint last = file.current();
        ReplayState replay = replay();
        if (last != null && replay != null) {
            write(new SinkCheckpoint(last.nextIndex(), last.position(), last.endLsn(), replay.emptied()));
            force();
        }
    }

    /** Ends a replay: the sink continues where it was before. Durable on return. All that the sink accepted must be durable. */
    public void endReplay() {
        ReplayState replay = replay();
        if (replay != null) {
            goBackTo(replay.home());
        }
    }

    /** Returns what is written; null: nothing. */
    public @Nullable SinkCheckpoint checkpoint() {
        return file.current();
    }

    /** Returns the replay that the sink has not finished; null: none. */
    public @Nullable ReplayState replay() {
        SinkCheckpoint last = file.current();
        return last == null ? null : last.replay();
    }

    /** Returns true if the sink has not finished a replay. Any thread. */
    public boolean isReplaying() {
        return replaying != null;
    }

    /** Returns how far the replay is that the sink has not finished; null: there is none. Any thread. */
    public @Nullable ReplayProgress replayProgress() {
        ReplayProgress now = replaying;
        return now == null ? null : now.reached(takenIndex);
    }

    /** Copies the checkpoint for other threads. A replay does not show. LSNs of another epoch count as INVALID. */
    private void show() {
        SinkCheckpoint written = file.current();
        SinkCheckpoint last = written == null ? null : written.home();
        replaying = written == null ? null : ReplayProgress.of(written);
        durableEndLsn = last == null || last.position().epoch() != epoch ? Lsn.INVALID : last.endLsn();
        durable = last == null ? null : last.position();
        durableIndex = last == null ? SegmentStore.NONE : last.nextIndex();
    }

    /** Returns the place after which the next changes come: in a replay its progress, else {@link #durable}; null: the beginning. */
    @Nullable
    public Position position() {
        SinkCheckpoint last = file.current();
        return last == null ? null : last.position();
    }

    /** Returns the last change that the sink itself called durable, in this or an earlier run; null: none. */
    @Nullable
    public Position confirmed() {
        return file.hasMoved() ? durable : null;
    }

    /** Returns the first index that the sink reads again: from its checkpoint on, and after a replay from where it goes on. */
    private long firstIndexNeeded() {
        SinkCheckpoint last = file.current();
        return last == null
                ? SegmentStore.NONE
                : Math.min(last.nextIndex(), last.home().nextIndex());
    }

    long neededFromIndex() {
        return neededFromIndex;
    }

    /** Declares all segments needed, until {@link #force}. */
    void needAll() {
        neededFromIndex = SegmentStore.NONE;
    }

    /** Notes that the sink took a batch that ends a transaction. */
    public void delivered(long index, Position last, long commitEndLsn, Durability durability) {
        ReplayState replay = replay();
        long endLsn = last.epoch() == epoch ? commitEndLsn : Lsn.INVALID;
        SinkCheckpoint next = replay == null
                ? new SinkCheckpoint(index + 1, last, Lsn.max(durableEndLsn, Lsn.max(acceptedEndLsn(), endLsn)))
                : new SinkCheckpoint(index + 1, last, Lsn.INVALID, replay);
        if (durability == Durability.DURABLE) {
            moveTo(next);
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

    /** Notes that all changes that the sink accepted are durable. */
    public void flushed() {
        SinkCheckpoint waiting = accepted;
        if (waiting != null) {
            moveTo(waiting);
        }
    }

    /** Notes that the sink lost the changes that it accepted. It gets them again. */
    public void forgetAccepted() {
        accepted = null;
        takenIndex = SegmentStore.NONE;
    }

    private void moveTo(SinkCheckpoint checkpoint) {
        write(checkpoint);
        if (takenCommitMicros > 0) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - takenCommitMicros;
            latency.record(TimeUnit.MICROSECONDS.toNanos(Math.max(0, micros))); // the server's clock may be ahead
            takenCommitMicros = 0;
        }
    }

    private void write(SinkCheckpoint checkpoint) {
        if (closed) {
            throw new IllegalStateException("the pipeline of this sink has ended");
        }
        accepted = null;
        if (isNew()) {
            file.write(checkpoint); // written twice, so that hasMoved() is true: once means a starting point
        }
        file.write(checkpoint);
        show();
        if (clock.nanos() - lastForceNanos > FORCE_NANOS) {
            force();
        }
    }

    /** Makes the checkpoint survive a power failure. The queue may then delete segments before it. */
    public void force() {
        file.force();
        lastForceNanos = clock.nanos();
        neededFromIndex = firstIndexNeeded();
    }

    @Override
    public void close() {
        closed = true;
        file.force();
        file.close();
    }
}
