package io.pgcdc.cli;

import java.util.Locale;

/** Prints numbers for a person. */
final class Amounts {

    private static final int STEP = 1_000;

    /** 0.57 * 100 is a little less than 57. */
    private static final double ROUNDING = 1e-9;

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private Amounts() {}

    /** Returns for example 1,700,000. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns for example 310 MB, in powers of 1000. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= STEP) {
            amount /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && amount < 10 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /** Returns for example 57%. Less than all is never 100%. */
    static String percent(double share) {
        return (int) Math.floor(share * 100 + ROUNDING) + "%";
    }

    /** Returns for example 4 s, 3 min or 2.5 h. */
    static String seconds(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        return seconds < 2 * HOUR
                ? Math.round((double) seconds / MINUTE) + " min"
                : String.format(Locale.ROOT, "%.1f h", (double) seconds / HOUR);
    }
}
