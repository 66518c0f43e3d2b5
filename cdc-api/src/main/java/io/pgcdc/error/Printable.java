package io.pgcdc.error;

import java.util.regex.Pattern;

/** Makes texts fit for a terminal. */
public final class Printable {

    /** Controls, invisible characters such as those that turn the direction of writing, ends of lines and paragraphs, half characters. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private static final Pattern OF_LINES = Pattern.compile("[" + UNPRINTABLE + "&&[^\\n\\t]]");

    /** The longest part of a user's text that a message repeats, in characters. */
    private static final int START = 40;

    private Printable() {}

    /** Returns the text with a question mark for each character that a terminal does not show, but acts on. Keeps tabs and the ends of lines. */
    public static String lines(String text) {
        return OF_LINES.matcher(text).replaceAll("?");
    }

    /** Like {@link #lines}, but returns one line. */
    public static String line(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Like {@link #line}, but returns only the start of a text that is long, with an ellipsis. */
    public static String start(String text) {
        return start(text, START);
    }

    /** Like {@link #line}, but returns at most so many characters of the text, then an ellipsis. */
    public static String start(String text, int characters) {
        return text.length() <= characters ? line(text) : line(text.substring(0, characters)) + "…";
    }
}
