package io.pgcdc.cli;

import io.pgcdc.guard.Words;
import java.util.Locale;

/** Prints numbers for a person. */
final class Amounts {

    private static final int STEP = 1_000;

    /** 0.57 * 100 is a little less than 57. */
    private static final double ROUNDING = 1e-9;

    private static final String[] COUNTS = {"", "k", "M", "G", "T"};
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Amounts() {}

    /** Returns for example 1,700,000. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns for example 310 MB, in powers of 1000. */
    static String bytes(long bytes) {
        return Words.bytes(bytes);
    }

    /** Returns a count in at most six characters, for example 950, 12.3 k or 1.7 M. */
    static String brief(double number) {
        double amount = Math.max(0, number);
        int unit = 0;
        while (Math.round(amount) >= STEP && unit < COUNTS.length - 1) {
            amount /= STEP;
            unit++;
        }
        return unit == 0
                ? String.format(
                        Locale.ROOT, amount > 0 && amount < 10 && amount != Math.rint(amount) ? "%.1f" : "%.0f", amount)
                : String.format(Locale.ROOT, amount < 100 ? "%.1f %s" : "%.0f %s", amount, COUNTS[unit]);
    }

    /** Returns for example 57%. Less than all is never 100%. */
    static String percent(double share) {
        return (int) Math.floor(share * 100 + ROUNDING) + "%";
    }

    /** Returns for example 4 s, 3 min, 2.5 h or 3.1 d. */
    static String seconds(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        if (seconds < 2 * HOUR) {
            return Math.round((double) seconds / MINUTE) + " min";
        }
        return seconds < 2 * DAY
                ? String.format(Locale.ROOT, "%.1f h", (double) seconds / HOUR)
                : String.format(Locale.ROOT, "%.1f d", (double) seconds / DAY);
    }
}
