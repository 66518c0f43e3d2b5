package io.pgcdc.guard;

import java.util.Locale;

/** Prints amounts for a person. */
public final class Words {

    private static final int STEP = 1_000;
    private static final int SMALL = 10;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Words() {}

    /** Returns for example 1.2 GB, in powers of 1000. */
    public static String bytes(long bytes) {
        double amount = Math.abs((double) bytes);
        int unit = 0;
        while (amount >= STEP) {
            amount /= STEP;
            unit++;
        }
        String sign = bytes < 0 ? "-" : "";
        return sign
                + String.format(Locale.ROOT, unit > 0 && amount < SMALL ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /** Returns for example 40 s, 12 min, 3 h 10 min or 5 days. */
    public static String time(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        if (seconds < 2 * HOUR) {
            return seconds / MINUTE + " min";
        }
        return seconds < 2 * DAY ? seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min" : seconds / DAY + " days";
    }
}
