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
 * Decides when to call a sink again whose target fails, and when its failure is permanent. Pauses grow while nothing becomes durable. Their
 * number and their total time have limits. One thread.
 */
final class RetryPolicy {

    private static final long LONGEST_PAUSE_MS = 30_000;

    /** Errors that usually end without help. One that keeps returning for the same reason counts as permanent, so that a person looks. */
    private static final Set<ErrorCode> MAY_STAY = Set.of(ErrorCode.TARGET_BUSY, ErrorCode.SINK_WRITE_FAILED);

    private final Clock clock;
    private final long limitMs;
    private final long limitTimes;
    private final String sink;
    private final Supplier<String> progress;
    private final Backoff backoff;

    /** Failures since changes last became durable, by reason. */
    private final Map<String, Integer> times = new HashMap<>();

    /** True if nothing has become durable since the failure at {@link #sinceNanos}. */
    private boolean failing;

    private long sinceNanos;
    private long pauseUntilNanos;

    /**
     * Begins without failures.
     *
     * @param limitMs the longest time a sink may fail; 0: no limit
     * @param limitTimes the most failures for the same reason; 0: no limit
     * @param progress returns in words what is durable in the sink, for messages
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
     * @throws SinkFailure the failure is permanent, or has come too often or for too long
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
                    "sink \"" + sink + "\" failed again after " + limitTimes + " retries for the same reason; it has "
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

    /** Returns the milliseconds until the sink may be called; 0: at once. */
    long pauseLeftMs() {
        long left = failing ? pauseUntilNanos - clock.nanos() : 0;
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    /** Returns true if nothing has become durable since the target failed. */
    boolean isFailing() {
        return failing;
    }

    /** Returns the milliseconds since the first failure. Only while {@link #isFailing}. */
    long failingMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos() - sinceNanos);
    }

    /** Forgets all failures, so that pauses and limits begin anew. */
    void startOver() {
        failing = false;
        times.clear();
        backoff.reset();
    }
}
