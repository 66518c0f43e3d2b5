package io.pgcdc.queue;

import java.time.Instant;
import java.util.List;

/**
 * Records the gaps that a person accepted, one line each, so that the missing ranges stay known. Belongs to the thread that starts
 * the pipeline.
 */
public interface GapLog {

    /**
     * Adds a line. It is durable when this returns.
     *
     * @param fromLsn where the queue ended
     * @param toLsn where the slot stands
     * @param epoch in force after the gap
     * @param reason the code of the error that was overruled
     */
    void add(Instant when, long fromLsn, long toLsn, int epoch, int timeline, String reason);

    /** Returns the lines, oldest first. */
    List<String> lines();
}
