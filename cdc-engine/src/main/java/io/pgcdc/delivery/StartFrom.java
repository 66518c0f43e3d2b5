package io.pgcdc.delivery;

import java.util.regex.Pattern;

/**
 * The place where a new sink begins in a queue that already holds changes.
 *
 * @param position the sink begins after it; as records print it; empty unless {@link Kind#POSITION}
 */
public record StartFrom(Kind kind, String position) {

    /** Begins with the first change that the queue still holds. */
    public static final StartFrom BEGINNING = new StartFrom(Kind.BEGINNING, "");

    /** Begins with the first transaction captured after the start. */
    public static final StartFrom NOW = new StartFrom(Kind.NOW, "");

    /** Begins with the rows that exist, then all changes captured after the start. */
    public static final StartFrom SNAPSHOT = new StartFrom(Kind.SNAPSHOT, "");

    static final String FORM = "beginning, now, snapshot, or the position after which to begin, such as 0/1A2B3C8:5";

    private static final Pattern POSITION =
            Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}:(-1|\\d{1,18})(@\\d{1,9})?");

    /** The kinds of places. */
    public enum Kind {
        BEGINNING,
        NOW,
        SNAPSHOT,
        POSITION
    }

    /**
     * Parses the configured text.
     *
     * @throws IllegalArgumentException with the permitted form as message
     */
    public static StartFrom parse(String text) {
        return switch (text) {
            case "beginning" -> BEGINNING;
            case "now" -> NOW;
            case "snapshot" -> SNAPSHOT;
            default -> {
                if (!POSITION.matcher(text).matches()) {
                    throw new IllegalArgumentException(FORM);
                }
                yield new StartFrom(Kind.POSITION, text);
            }
        };
    }

    /** Returns the text as it is configured. */
    @Override
    public String toString() {
        return switch (kind) {
            case BEGINNING -> "beginning";
            case NOW -> "now";
            case SNAPSHOT -> "snapshot";
            case POSITION -> position;
        };
    }
}
