package io.pgcdc.sinks.outbox;

import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of an event's time: what a source writes for a value of type timestamptz, timestamp or date (PostgreSQL documentation,
 * "Date/Time Output", style ISO), and ISO 8601 with the date first.
 *
 * <p>PostgreSQL itself takes more: it reads {@code now} as the present, and 1700001231 as a day of the year 170000. Such a text would
 * become a wrong time without an error.
 */
final class EventTime {

    private static final Pattern FORM = Pattern.compile(
            "(\\d{4,6})-(0[1-9]|1[0-2])-(\\d{2})" // the day
                    + "(?:[ T]([01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,12})?)?" // the time of the day
                    + " ?(?:Z|[+-](?:0\\d|1[0-5])(?::?[0-5]\\d){0,2})?)?" // the offset
                    + "( BC)?"
                    + "|-?infinity");

    private EventTime() {}

    /** Returns true if the text is a timestamp in this form. One without an offset is in UTC. */
    static boolean isTimestamp(byte[] text) {
        Matcher time = FORM.matcher(new String(text, StandardCharsets.UTF_8));
        if (!time.matches()) {
            return false;
        }
        if (time.group(1) == null) {
            return true; // infinity
        }
        int year = Integer.parseInt(time.group(1));
        int day = Integer.parseInt(time.group(3));
        YearMonth month = YearMonth.of(time.group(5) == null ? year : 1 - year, Integer.parseInt(time.group(2)));
        return day >= 1 && day <= month.lengthOfMonth();
    }
}
