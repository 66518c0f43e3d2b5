package io.pgcdc.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines for a terminal. */
public final class Wrapped {

    private Wrapped() {}

    /**
     * Returns the text in lines.
     *
     * @param head begins the first line; the others are indented by its length
     * @param columns the longest line; a longer word gets a line of its own
     */
    public static List<String> text(String head, String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(head);
        boolean empty = true;
        for (String word : text.strip().split("\\s+")) {
            if (!empty && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
