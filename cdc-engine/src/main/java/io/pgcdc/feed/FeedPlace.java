package io.pgcdc.feed;

import io.pgcdc.model.Position;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription begins.
 *
 * @param after the last change that the subscriber has; null unless {@link Kind#AFTER}
 */
public record FeedPlace(Kind kind, @Nullable Position after) {

    /** With the first change that the queue holds. */
    public static final FeedPlace BEGINNING = new FeedPlace(Kind.BEGINNING, null);

    /** With the next transaction that becomes durable. */
    public static final FeedPlace NOW = new FeedPlace(Kind.NOW, null);

    private static final Pattern POSITION =
            Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}:(-1|r?\\d{1,18})(@\\d{1,9})?");

    /** The kinds of places. */
    public enum Kind {
        BEGINNING,
        NOW,
        AFTER
    }

    /**
     * Reads {@code beginning}, {@code now}, or a position as records print it.
     *
     * @throws IllegalArgumentException with the permitted forms as message
     */
    public static FeedPlace parse(String text) {
        return switch (text) {
            case "beginning" -> BEGINNING;
            case "now" -> NOW;
            default -> {
                if (!POSITION.matcher(text).matches()) {
                    throw new IllegalArgumentException(
                            "beginning, now, or the position of the last change that you have, such as 0/1A2B3C8:5");
                }
                yield new FeedPlace(Kind.AFTER, Position.parse(text));
            }
        };
    }
}
