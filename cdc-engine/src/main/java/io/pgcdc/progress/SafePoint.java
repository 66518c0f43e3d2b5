package io.pgcdc.progress;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.Custody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells up to which LSN commits are safe by the confirm policy. Any thread. */
public final class SafePoint {

    private static final long ABOVE_ALL = -1; // unsigned

    private final Confirmation confirm;
    private final QueueProgress queue;
    private final List<SinkProgress> sinks;
    private final @Nullable Custody custody;

    /** @param custody null: the queue is on a disk */
    public SafePoint(Confirmation confirm, QueueProgress queue, List<SinkProgress> sinks, @Nullable Custody custody) {
        this.custody = custody;
        this.confirm = confirm;
        this.queue = queue;
        this.sinks = List.copyOf(sinks);
    }

    /**
     * Returns the LSN that may be acknowledged now. First puts a wanted confirm policy into force, if it may be. Capture thread.
     *
     * @param acknowledgement what was received and acknowledged
     */
    public long flushLsn(Acknowledgement acknowledgement) {
        long ofSinks = least(true);
        long told = acknowledgement.seenFlushLsn();
        confirm.settle(told, Lsn.compare(ofSinks, told) >= 0 || !acknowledgement.pending(ofSinks));
        long flushLsn = acknowledgement.flushLsn(endLsn());
        return custody == null ? flushLsn : custody.grant(flushLsn);
    }

    /** Returns the end of the last safe commit. */
    public long endLsn() {
        return confirm.byQueue() ? queue.durableMark().endLsn() : least(true);
    }

    /** Returns the end of the last commit that is durable in all sinks that have not failed. */
    public long endLsnOfWorkingSinks() {
        return least(false);
    }

    /** Returns true if all sinks that have not failed have durably taken the segment with that index. */
    public boolean workingSinksHave(long index) {
        return sinks.stream().allMatch(sink -> sink.hasFailed() || sink.durableIndex() > index);
    }

    /** Returns true if a sink that has not failed has not finished a replay. */
    public boolean aWorkingSinkReplays() {
        return sinks.stream().anyMatch(sink -> !sink.hasFailed() && sink.isReplaying());
    }

    private long least(boolean all) {
        long least = ABOVE_ALL;
        for (SinkProgress sink : sinks) {
            if (all || !sink.hasFailed()) {
                least = Lsn.min(least, sink.durableEndLsn());
            }
        }
        return least;
    }

    /** Returns true if a sink has failed permanently. Its missing changes stay in the queue, and nothing waits for it. */
    public boolean aSinkHasFailed() {
        return sinks.stream().anyMatch(SinkProgress::hasFailed);
    }
}
