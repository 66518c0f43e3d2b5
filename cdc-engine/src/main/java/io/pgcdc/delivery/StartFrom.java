package io.pgcdc.delivery;

import java.util.regex.Pattern;

/**
 * Where a new sink begins in a queue that holds changes already.
 *
 * @param position behind which it begins, as records print it; empty unless {@link Kind#POSITION}
 */
public record StartFrom(Kind kind, String position) {

    /** With the first change that the queue still holds. */
    public static final StartFrom BEGINNING = new StartFrom(Kind.BEGINNING, "");

    /** With the first transaction that is captured from now on. */
    public static final StartFrom NOW = new StartFrom(Kind.NOW, "");

    static final String FORM = "beginning, now, or the position behind which to begin, as 0/1A2B3C8:5";

    private static final Pattern POSITION =
            Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}:(-1|\\d{1,18})(@\\d{1,9})?");

    /** What a sink starts from. */
    public enum Kind {
        BEGINNING,
        NOW,
        POSITION
    }

    public static StartFrom parse(String text) {
        return switch (text) {
            case "beginning" -> BEGINNING;
            case "now" -> NOW;
            default -> {
                if (!POSITION.matcher(text).matches()) {
                    throw new IllegalArgumentException(FORM);
                }
                yield new StartFrom(Kind.POSITION, text);
            }
        };
    }

    /** As it is configured. */
    @Override
    public String toString() {
        return switch (kind) {
            case BEGINNING -> "beginning";
            case NOW -> "now";
            case POSITION -> position;
        };
    }
}
