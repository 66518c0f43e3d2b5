package io.pgcdc.life;

/**
 * Pauses between attempts: each twice as long as the last, up to a limit, and with jitter, so that many clients of one dead server do not
 * come back all at once. One thread.
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

    /** How long to pause now, in milliseconds. */
    public long next() {
        long pause = clock.jitter(pauseMs);
        pauseMs = Math.min(2 * pauseMs, longestMs);
        return pause;
    }

    /** The next pause is a first one. */
    public void reset() {
        pauseMs = FIRST_MS;
    }
}
