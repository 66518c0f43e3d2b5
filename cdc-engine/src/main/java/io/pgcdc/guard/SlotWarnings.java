package io.pgcdc.guard;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Decides what the log says of the slot's WAL, and how often. Pure. */
final class SlotWarnings {

    /** A warning has passed when the loss is further away than this. */
    private static final long LATE_S = TimeUnit.HOURS.toSeconds(30);

    /** Once a warning has said less than this, no further one says less. */
    private static final long LAST_S = 10;

    /** Shortest time between two warnings that say nothing worse. */
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String slot;
    private @Nullable Long warnedSeconds;
    private @Nullable WalHolder warnedHolder;
    private @Nullable Long warnedNanos;
    private boolean saidLost;

    SlotWarnings(String slot) {
        this.slot = slot;
    }

    /** A line for the log. */
    record Notice(boolean warning, String text) {}

    /** Returns the line that this reading is worth, or null. */
    @Nullable
    Notice next(SlotReading reading, SlotForecast forecast, WalHolder holder) {
        if (reading.isLost()) {
            Notice lost = saidLost ? null : new Notice(true, lost());
            saidLost = true;
            return lost;
        }
        Long seconds = forecast.secondsToLoss();
        Long before = warnedSeconds;
        if (seconds != null && seconds < SlotForecast.SOON_S) {
            return isNews(seconds, holder, reading.nanos()) ? warning(reading, forecast, seconds, holder) : null;
        }
        if (before != null && (seconds == null || seconds > LATE_S)) {
            warnedSeconds = null;
            return new Notice(
                    false,
                    "slot " + slot + ": the danger of losing it has passed (WAL retained "
                            + Words.bytes(reading.retainedBytes()) + left(reading) + ")");
        }
        return null;
    }

    private boolean isNews(long seconds, WalHolder holder, long nanos) {
        Long before = warnedSeconds;
        if (before != null && before > LAST_S && seconds <= before / 2) {
            return true;
        }
        Long last = warnedNanos;
        boolean quiet = last != null && nanos - last < QUIET_NANOS;
        WalHolder known = warnedHolder;
        return !quiet && (before == null || known == null || !known.isSame(holder));
    }

    private Notice warning(SlotReading reading, SlotForecast forecast, long seconds, WalHolder holder) {
        warnedSeconds = seconds;
        warnedHolder = holder;
        warnedNanos = reading.nanos();
        return new Notice(true, sentence(slot, reading, forecast, holder) + " " + holder.remedy());
    }

    /** Returns the forecast as a sentence, and one that names the holder. */
    static String sentence(String slot, SlotReading reading, SlotForecast forecast, WalHolder holder) {
        Long seconds = forecast.secondsToLoss();
        Long growth = forecast.growthBytesPerSecond();
        String loss = reading.diskEndsFirst() ? "the primary's disk is full in " : "it is lost in ";
        return "slot " + slot + ": "
                + (seconds == null ? "it is not about to be lost" : "at this rate " + loss + Words.time(seconds))
                + " (WAL retained " + Words.bytes(reading.retainedBytes())
                + (growth == null ? "" : ", grows " + Words.bytes(growth) + "/s")
                + left(reading) + "). " + holder.text().substring(0, 1).toUpperCase(Locale.ROOT)
                + holder.text().substring(1) + ".";
    }

    private static String left(SlotReading reading) {
        Long left = reading.leftBytes();
        if (left == null) {
            return "";
        }
        return ", " + Words.bytes(Math.max(0, left)) + " left "
                + (reading.diskEndsFirst() ? "on the primary's disk" : "of max_slot_wal_keep_size");
    }

    private String lost() {
        return "slot " + slot
                + " is lost: the server has removed WAL that it needs, because max_slot_wal_keep_size was reached. Drop the slot, and"
                + " start again with --create-slot --accept-gap; then read the rows again: cdc snapshot --all-tables --reconcile.";
    }
}
