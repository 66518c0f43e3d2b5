package io.pgcdc.progress;

import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import java.util.List;

/** Up to where commits are safe, by the confirm policy. Any thread. */
public final class SafePoint {

    private static final long ABOVE_ALL = -1; // unsigned

    private final ConfirmPolicy confirm;
    private final QueueProgress queue;
    private final List<SinkProgress> sinks;

    public SafePoint(ConfirmPolicy confirm, QueueProgress queue, List<SinkProgress> sinks) {
        this.confirm = confirm;
        this.queue = queue;
        this.sinks = List.copyOf(sinks);
    }

    /** End of the last commit that is safe. */
    public long endLsn() {
        return confirm == ConfirmPolicy.QUEUE ? queue.durableMark().endLsn() : least(true);
    }

    /** End of the last commit that every sink has which still works. */
    public long endLsnOfWorkingSinks() {
        return least(false);
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

    /** A sink has failed for good: it holds what it lacks, and nothing waits for it. */
    public boolean aSinkHasFailed() {
        return sinks.stream().anyMatch(SinkProgress::hasFailed);
    }
}
