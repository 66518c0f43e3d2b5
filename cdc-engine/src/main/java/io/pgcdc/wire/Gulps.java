package io.pgcdc.wire;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a reader pauses, so that the socket fills and is taken in gulps. A reader that empties it at once is woken for nearly each
 * message, and the walsender sends each by itself: two thirds of its time. When its send would block it gathers messages in a buffer
 * of its own instead. The figures are in docs/performance.md.
 *
 * <p>After each 64 KB that came in less than 4 ms there is a pause. When less than 128 KB waits in the socket behind it, the next pause is
 * longer; else a little shorter. When even the longest does not bring as much, half of what came must do for a while: a socket may hold
 * no more, and pauses that wait for it would only slow the reader down. Light traffic is never held up. One thread.
 */
final class Gulps {

    private static final int WINDOW_BYTES = 64 << 10;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final int WANTED_BYTES = 128 << 10;
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final double LONGER = 1.1;
    private static final double SHORTER = 0.98;

    /** After so many pauses it is tried again how much the socket holds. */
    private static final int PAUSES_BETWEEN_TRIALS = 512;

    private long windowNanos;
    private int windowBytes;
    private long pauseNanos = TimeUnit.MICROSECONDS.toNanos(200);
    private int wantedBytes = WANTED_BYTES;
    private int mostBytes;
    private int pauses;

    /**
     * So many bytes were read.
     *
     * @return for how many nanoseconds to pause; 0: go on
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

    /** The pause is over, and so many bytes wait now. */
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
