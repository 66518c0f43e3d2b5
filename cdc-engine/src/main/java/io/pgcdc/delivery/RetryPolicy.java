package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Decides when to call a sink again whose target fails, and when it has failed for good. Pauses grow for as long as nothing becomes durable;
 * their number and the time have limits. One thread.
 */
final class RetryPolicy {

    private static final long LONGEST_PAUSE_MS = 30_000;

    /** What passes, mostly: one that comes again and again stays until a person looks. */
    private static final Set<ErrorCode> MAY_STAY = Set.of(ErrorCode.TARGET_BUSY);

    private final Clock clock;
    private final long limitMs;
    private final long limitTimes;
    private final String sink;
    private final Supplier<String> progress;
    private final Backoff backoff;

    /** How often it failed, by reason, since something became durable last. */
    private final Map<String, Integer> times = new HashMap<>();

    /** Nothing became durable since the target failed, at {@link #sinceNanos}. */
    private boolean failing;

    private long sinceNanos;
    private long pauseUntilNanos;

    /**
     * Nothing has failed yet.
     *
     * @param limitMs how long a sink may fail; 0: without limit
     * @param limitTimes how often it may fail for one reason; 0: without limit
     * @param progress what the sink has, for messages
     */
    RetryPolicy(Clock clock, long limitMs, long limitTimes, String sink, Supplier<String> progress) {
        this.clock = clock;
        this.limitMs = limitMs;
        this.limitTimes = limitTimes;
        this.sink = sink;
        this.progress = progress;
        backoff = new Backoff(clock, LONGEST_PAUSE_MS);
    }

    /**
     * Counts a failure.
     *
     * @throws SinkFailure it does not pass, or came too often, or for too long
     */
    void failed(CdcException e) throws SinkFailure {
        long now = clock.nanos();
        if (!failing) {
            failing = true;
            sinceNanos = now;
        }
        if (e.retry() == Retry.NEVER || (limitMs > 0 && now - sinceNanos > TimeUnit.MILLISECONDS.toNanos(limitMs))) {
            throw new SinkFailure(e);
        }
        if (e instanceof SinkException s && MAY_STAY.contains(s.code())) {
            count(s);
        }
    }

    private void count(SinkException e) throws SinkFailure {
        int count = times.merge(e.code() + e.reason(), 1, Integer::sum);
        if (limitTimes > 0 && count > limitTimes) {
            throw new SinkFailure(new SinkException(
                    ErrorCode.TARGET_STAYS_BUSY,
                    "sink \"" + sink + "\" was tried again " + limitTimes + " times for one reason, and has "
                            + progress.get() + ": " + e.getMessage() + " Then start again.",
                    e));
        }
    }

    /** Begins a pause after a failure. Returns its length in milliseconds. */
    long pause() {
        long pauseMs = backoff.next();
        pauseUntilNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
        return pauseMs;
    }

    /** Returns for how many milliseconds the sink must not be called yet; 0: it may be called. */
    long pauseLeftMs() {
        long left = failing ? pauseUntilNanos - clock.nanos() : 0;
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    /** Returns whether nothing became durable since the target failed. */
    boolean isFailing() {
        return failing;
    }

    /** Forgets what failed: it works, or pauses and limits begin anew. */
    void startOver() {
        failing = false;
        times.clear();
        backoff.reset();
    }
}
