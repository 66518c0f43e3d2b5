package io.pgcdc.guard;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast the held WAL grows, and when the slot is lost at that rate.
 *
 * @param growthBytesPerSecond negative: it shrinks; null: not known yet
 * @param secondsToLoss until the slot is lost, or the primary's disk full; null: it does not grow steadily, or has no known end
 */
public record SlotForecast(
        @Nullable Long growthBytesPerSecond, @Nullable Long secondsToLoss) {

    /** A loss within this time is worth a warning. */
    public static final long SOON_S = TimeUnit.HOURS.toSeconds(24);

    /** Readings of the long window. It smooths bursts. */
    static final int LONG = 60;

    /** Readings of the short window. It sees a new load soon. Its halves are longer than the server's pause between two releases of WAL. */
    static final int SHORT = 8;

    /** With fewer readings nothing is forecast. */
    static final int FEWEST = 4;

    /** While a slot is used normally its restart_lsn moves every 15 s or so, and it holds little. */
    private static final int PERCENT_HELD_IN_USE = 10;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Forecasts from readings of one server, the oldest first.
     *
     * <p>The server releases WAL in steps, so the held bytes are a saw with teeth of 15 s. The growth is that of the teeth's lowest points: the
     * difference of the lowest readings of a window's two halves. The faster growth of a short and a long window counts.
     */
    static SlotForecast of(List<SlotReading> readings) {
        if (readings.size() < FEWEST) {
            return new SlotForecast(null, null);
        }
        List<SlotReading> recent = last(readings, SHORT);
        double growth = Math.max(growth(recent), growth(last(readings, LONG)));
        SlotReading now = readings.get(readings.size() - 1);
        Long left = now.leftBytes();
        boolean steady = stands(recent) || isMuch(now);
        Long seconds = null;
        if (left != null && left <= 0) {
            seconds = 0L;
        } else if (left != null && growth >= 1 && steady) {
            seconds = (long) (left / growth);
        }
        return new SlotForecast(Math.round(growth), seconds);
    }

    private static List<SlotReading> last(List<SlotReading> readings, int count) {
        return readings.subList(Math.max(0, readings.size() - count), readings.size());
    }

    private static double growth(List<SlotReading> window) {
        SlotReading before = lowest(window.subList(0, window.size() / 2));
        SlotReading after = lowest(window.subList(window.size() / 2, window.size()));
        return (after.retainedBytes() - before.retainedBytes()) / ((after.nanos() - before.nanos()) / NANOS);
    }

    private static SlotReading lowest(List<SlotReading> readings) {
        SlotReading lowest = readings.get(0);
        for (SlotReading reading : readings) {
            if (reading.retainedBytes() < lowest.retainedBytes()) {
                lowest = reading;
            }
        }
        return lowest;
    }

    /** Returns true if the slot has released nothing in the window. */
    private static boolean stands(List<SlotReading> window) {
        long first = window.get(0).restartLsn();
        return window.stream().allMatch(reading -> reading.restartLsn() == first);
    }

    private static boolean isMuch(SlotReading now) {
        Double left = now.leftPercent();
        return left != null && left <= 100 - PERCENT_HELD_IN_USE;
    }
}
