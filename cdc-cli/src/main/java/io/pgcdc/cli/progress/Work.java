package io.pgcdc.cli.progress;

import org.jspecify.annotations.Nullable;

/**
 * Work of a pipeline that takes a while, at one moment. Immutable.
 *
 * @param sink whose work it is; null: of the reading from the server
 * @param doneBytes since the work began: of the queue, or of the server's WAL if the work is reading
 * @param leftBytes the same, not done yet
 * @param bytesPerSecond of the last seconds
 * @param secondsLeft an estimate that allows for new changes; -1: unknown, or the work does not get less
 * @param seconds since the work began, or since this run did
 */
public record Work(
        Kind kind,
        @Nullable String sink,
        long doneBytes,
        long leftBytes,
        double bytesPerSecond,
        long secondsLeft,
        double seconds) {

    /** What is done. */
    public enum Kind {
        /** A sink gets changes of the queue again. */
        REPLAY,
        /** WAL is read that the server wrote while nobody read it. */
        READING,
        /** A sink gets changes of the queue that it lacks. */
        DELIVERY
    }

    /** Returns the part that is done, 0 to 1. */
    public double share() {
        long all = doneBytes + leftBytes;
        return all == 0 ? 1 : (double) doneBytes / all;
    }
}
