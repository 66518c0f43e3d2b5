package io.pgcdc.sinks.postgres.changelog;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** The length of a partition. Each begins at a full hour, day, week or month in UTC; a week begins on Monday. */
enum Period {
    HOUR("yyyyMMdd_HH"),
    DAY("yyyyMMdd"),
    WEEK("yyyyMMdd'w'"),
    MONTH("yyyyMM");

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final DateTimeFormatter suffix;

    Period(String suffix) {
        this.suffix = DateTimeFormatter.ofPattern(suffix);
    }

    /**
     * The times of one partition, in microseconds since 1970.
     *
     * @param from its first moment
     * @param to the first moment after it
     */
    record Range(long from, long to) {

        boolean holds(long micros) {
            return from <= micros && micros < to;
        }
    }

    /** Returns the range of the partition that contains the time, in microseconds since 1970. */
    Range around(long micros) {
        LocalDateTime start = start(time(micros));
        return new Range(micros(start), micros(next(start)));
    }

    /** Returns the suffix of a partition's name. Partitions of the same length have different suffixes. */
    String suffix(long fromMicros) {
        return suffix.format(time(fromMicros));
    }

    private LocalDateTime start(LocalDateTime time) {
        LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
        return switch (this) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    private LocalDateTime next(LocalDateTime start) {
        return switch (this) {
            case HOUR -> start.plusHours(1);
            case DAY -> start.plusDays(1);
            case WEEK -> start.plusWeeks(1);
            case MONTH -> start.plusMonths(1);
        };
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                ZoneOffset.UTC);
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND;
    }
}
