package io.pgcdc.delivery;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.life.Backoff;
import io.pgcdc.life.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sink's failures since something became durable last: for how long, and how often for which reason. One thread. */
final class Trouble {

    /** What passes, mostly: one that comes again and again stays until a person looks. */
    private static final Set<ErrorCode> MAY_STAY = Set.of(ErrorCode.TARGET_BUSY);

    private final Clock clock;
    private final long sinceNanos;
    private final Backoff backoff;
    private final Map<String, Integer> times = new HashMap<>();

    Trouble(Clock clock, long longestPauseMs) {
        this.clock = clock;
        sinceNanos = clock.nanos();
        backoff = new Backoff(clock, longestPauseMs);
    }

    /** How long to pause now, in milliseconds. */
    long nextPauseMs() {
        return backoff.next();
    }

    /** @param limitMs 0: none */
    boolean isLongerThan(long limitMs) {
        return limitMs > 0 && clock.nanos() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(limitMs);
    }

    /**
     * Counts a failure.
     *
     * @param limit how often one reason may come; 0: without end
     * @return TARGET_STAYS_BUSY when it came once more
     */
    @Nullable
    SinkException count(CdcException failure, long limit, String sink, String progress) {
        if (!(failure instanceof SinkException e) || !MAY_STAY.contains(e.code())) {
            return null;
        }
        int count = times.merge(e.code() + e.reason(), 1, Integer::sum);
        if (limit == 0 || count <= limit) {
            return null;
        }
        return new SinkException(
                ErrorCode.TARGET_STAYS_BUSY,
                "sink \"" + sink + "\" was tried again " + limit + " times for one reason, and has " + progress + ": "
                        + e.getMessage() + " Then start again.",
                e);
    }
}
