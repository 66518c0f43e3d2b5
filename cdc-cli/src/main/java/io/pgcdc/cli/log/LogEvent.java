package io.pgcdc.cli.log;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One event.
 *
 * @param component the thread's role in its pipeline ({@code capture}, {@code sink-out}), else the logger's short name
 * @param pipeline null: it belongs to none, or to a thread that a library made
 * @param repeats how often the same happened since it was shown last
 */
record LogEvent(
        Instant time,
        Level level,
        String component,
        @Nullable String pipeline,
        String message,
        @Nullable Throwable error,
        int repeats) {

    private static final Pattern CODE = Pattern.compile("CDC-\\d{3}");

    /** A thread of a pipeline is called {@code cdc/PIPELINE/ROLE}. */
    private static final String THREAD = "cdc/";

    /**
     * Returns an event of this thread, at this time.
     *
     * @param pipeline of the thread's MDC
     */
    static LogEvent now(
            Level level, String logger, @Nullable String pipeline, String message, @Nullable Throwable error) {
        String thread = Thread.currentThread().getName();
        int role = thread.startsWith(THREAD) ? thread.indexOf('/', THREAD.length()) : -1;
        return new LogEvent(
                Instant.now(),
                level,
                role < 0 ? logger.substring(logger.lastIndexOf('.') + 1) : thread.substring(role + 1),
                role < 0 ? pipeline : thread.substring(THREAD.length(), role),
                message,
                error,
                0);
    }

    LogEvent repeated(int times) {
        return new LogEvent(time, level, component, pipeline, message, error, times);
    }

    /** Returns the message's first error code, or null. */
    @Nullable
    String code() {
        Matcher code = CODE.matcher(message);
        return code.find() ? code.group() : null;
    }
}
