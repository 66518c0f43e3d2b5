package io.pgcdc.queue;

import java.time.Instant;
import java.util.List;

/**
 * The gaps that a person accepted, a line each: what is missing can be told later, too. Belongs to the thread that starts the
 * pipeline.
 */
public interface GapLog {

    /**
     * Adds a line, durably.
     *
     * @param fromLsn where the queue ended
     * @param toLsn where the slot stands
     * @param epoch that begins behind the gap
     * @param reason the code of the error that was overruled
     */
    void add(Instant when, long fromLsn, long toLsn, int epoch, int timeline, String reason);

    /** The lines, oldest first. */
    List<String> lines();
}
