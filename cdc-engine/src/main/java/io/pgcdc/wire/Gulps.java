package io.pgcdc.wire;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a reader pauses, so that the socket fills and the reader takes many messages at once. A reader that empties the
 * socket at once wakes for nearly every message. The walsender then sends each message separately, which takes two thirds of its
 * time. When its send would block, it gathers messages in its own buffer instead. docs/explanation/performance.md has the figures.
 *
 * <p>After each 64 KB that arrived in less than 4 ms there is a pause. If less than 128 KB wait in the socket after it, the next
 * pause is longer, else a little shorter. If even the longest pause yields less, half of what waited is the target until the next
 * trial. A socket may be unable to hold more, and longer pauses would only slow the reader down. Light traffic is never delayed.
 * For one thread.
 */
final class Gulps {

    private static final int WINDOW_BYTES = 64 << 10;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final int WANTED_BYTES = 128 << 10;
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final double LONGER = 1.1;
    private static final double SHORTER = 0.98;

    /** After this many pauses, a trial measures again how much the socket holds. */
    private static final int PAUSES_BETWEEN_TRIALS = 512;

    private long windowNanos;
    private int windowBytes;
    private long pauseNanos = TimeUnit.MICROSECONDS.toNanos(200);
    private int wantedBytes = WANTED_BYTES;
    private int mostBytes;
    private int pauses;

    /**
     * Records that bytes were read.
     *
     * @return nanoseconds to pause; 0: continue
     */
    long read(int bytes, long nowNanos) {
        windowBytes += bytes;
        if (windowBytes < WINDOW_BYTES) {
            return 0;
        }
        boolean busy = nowNanos - windowNanos < WINDOW_NANOS;
        begin(nowNanos);
        return busy ? pauseNanos : 0;
    }

    /** Records the end of the pause, and how many bytes wait now. */
    void paused(int waitingBytes, long nowNanos) {
        begin(nowNanos);
        mostBytes = Math.max(mostBytes, waitingBytes);
        double factor = waitingBytes < wantedBytes ? LONGER : SHORTER;
        pauseNanos = Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, (long) (factor * pauseNanos)));
        if (pauseNanos == LONGEST_NANOS) {
            wantedBytes = Math.min(WANTED_BYTES, mostBytes / 2);
        }
        if (++pauses % PAUSES_BETWEEN_TRIALS == 0) {
            wantedBytes = WANTED_BYTES;
            mostBytes = 0;
        }
    }

    private void begin(long nowNanos) {
        windowNanos = nowNanos;
        windowBytes = 0;
    }
}
