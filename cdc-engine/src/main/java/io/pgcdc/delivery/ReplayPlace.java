package io.pgcdc.delivery;

import io.pgcdc.model.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the queue, as a user names it: the position of a change, or a time. Exactly one is not null.
 *
 * @param position of a change, as records print it
 * @param time compared with commit times
 */
public record ReplayPlace(
        @Nullable Position position, @Nullable Instant time) {

    private static final Pattern POSITION =
            Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}:(-1|r?\\d{1,18})(@\\d{1,9})?");

    /**
     * Reads {@code 0/1A2B3C8:5} or {@code 2026-01-02T03:04:05Z}.
     *
     * @throws IllegalArgumentException with the permitted forms as message
     */
    public static ReplayPlace parse(String text) {
        try {
            return POSITION.matcher(text).matches()
                    ? new ReplayPlace(Position.parse(text), null)
                    : new ReplayPlace(null, OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "the position of a change, such as 0/1A2B3C8:5, or a time with its zone, such as 2026-01-02T03:04:05Z or"
                            + " 2026-01-02T04:04:05+01:00",
                    e);
        }
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return String.valueOf(position == null ? time : position);
    }
}
