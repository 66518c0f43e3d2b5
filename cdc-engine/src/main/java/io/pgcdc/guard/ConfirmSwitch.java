package io.pgcdc.guard;

import io.pgcdc.queue.ConfirmPolicy;
import org.jspecify.annotations.Nullable;

/** Decides for {@code confirm: auto} between the sinks and the queue. Pure. */
final class ConfirmSwitch {

    private static final long MS = 1_000;

    /** A switch must release at least this part of what the slot holds. */
    private static final int LEAST_PART = 10;

    private final double belowPercent;
    private final double backPercent;
    private final long belowMs;

    /**
     * @param belowPercent share that is left, below which the queue counts
     * @param belowMs time until the slot is lost, below which the queue counts; 0: any
     */
    ConfirmSwitch(long belowPercent, long belowMs) {
        this.belowPercent = belowPercent;
        this.backPercent = (100 + belowPercent) / 2.0;
        this.belowMs = belowMs;
    }

    /**
     * Returns the policy to want.
     *
     * @param now the policy that was wanted last
     * @param releasable bytes of WAL that the server could remove if the queue's word counted
     * @param sinksKeepUp true if the sinks have what the queue had a moment ago
     */
    ConfirmPolicy next(
            ConfirmPolicy now, SlotReading reading, SlotForecast forecast, long releasable, boolean sinksKeepUp) {
        if (now == ConfirmPolicy.QUEUE) {
            return sinksKeepUp && isSafe(reading, forecast) ? ConfirmPolicy.SINKS : ConfirmPolicy.QUEUE;
        }
        boolean helps = releasable > 0 && releasable >= reading.retainedBytes() / LEAST_PART;
        return helps && isDangerous(reading, forecast) ? ConfirmPolicy.QUEUE : ConfirmPolicy.SINKS;
    }

    /** Returns true if the primary has little room left. */
    boolean isDangerous(SlotReading reading, SlotForecast forecast) {
        Double left = reading.leftPercent();
        return (left != null && left < belowPercent) || isWithin(forecast.secondsToLoss(), belowMs);
    }

    /** Returns true if the primary has so much room that the sinks may count again. */
    boolean isSafe(SlotReading reading, SlotForecast forecast) {
        Double left = reading.leftPercent();
        return (left == null || left > backPercent) && !isWithin(forecast.secondsToLoss(), 2 * belowMs);
    }

    private static boolean isWithin(@Nullable Long seconds, long milliseconds) {
        return seconds != null && milliseconds > 0 && seconds * MS < milliseconds;
    }
}
