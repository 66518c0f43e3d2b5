package io.pgcdc.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the switches of {@code confirm: auto} between {@link ConfirmPolicy#SINKS} and {@link ConfirmPolicy#QUEUE}, one line each. While
 * the last line says {@code sinks}, every sink has all changes that were acknowledged. Capture thread.
 */
public interface ConfirmLog {

    /**
     * Adds a line. It is durable when this returns.
     *
     * @param now the policy in force from now on
     * @param flushLsn the LSN that is acknowledged at this moment
     * @param why the reason, one line
     * @throws io.pgcdc.error.QueueException the line cannot be written; the earlier ones are still there
     */
    void add(Instant when, ConfirmPolicy now, long flushLsn, String why);

    /** Returns the policy of the last line, null without one. {@link ConfirmPolicy#QUEUE} if the line cannot be understood. */
    @Nullable
    ConfirmPolicy last();

    /** Returns the lines, oldest first. */
    List<String> lines();
}
