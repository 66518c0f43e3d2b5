package io.pgcdc.life;

/**
 * Pauses between attempts. Each is twice as long as the last, up to a limit, with jitter, so that many clients do not reconnect at
 * the same moment. For one thread.
 */
public final class Backoff {

    private static final long FIRST_MS = 100;

    private final Clock clock;
    private final long longestMs;
    private long pauseMs = FIRST_MS;

    public Backoff(Clock clock, long longestMs) {
        this.clock = clock;
        this.longestMs = longestMs;
    }

    /** Returns how long to pause, in milliseconds. */
    public long next() {
        long pause = clock.jitter(pauseMs);
        pauseMs = Math.min(2 * pauseMs, longestMs);
        return pause;
    }

    /** Makes the next pause the shortest again. */
    public void reset() {
        pauseMs = FIRST_MS;
    }
}
