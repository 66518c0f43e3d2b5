package io.pgcdc.progress;

import io.pgcdc.queue.ReplayState;
import io.pgcdc.queue.SinkCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * How far a sink's replay is, in indexes of segments. Immutable.
 *
 * @param firstIndex where it began
 * @param reachedIndex where it is
 * @param lastIndex where its last transaction begins
 */
public record ReplayProgress(long firstIndex, long reachedIndex, long lastIndex) {

    /** Returns the same replay after the sink took a segment, whose transaction may not be durable. */
    ReplayProgress reached(long takenIndex) {
        return new ReplayProgress(firstIndex, Math.max(reachedIndex, takenIndex), lastIndex);
    }

    static @Nullable ReplayProgress of(SinkCheckpoint checkpoint) {
        ReplayState replay = checkpoint.replay();
        return replay == null
                ? null
                : new ReplayProgress(replay.firstIndex(), checkpoint.nextIndex(), replay.lastIndex());
    }
}
