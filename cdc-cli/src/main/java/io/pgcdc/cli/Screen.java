package io.pgcdc.cli;

import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.io.PrintWriter;
import java.util.List;

/** Shows lines that replace each other, if standard output is a terminal; otherwise one after the other. One thread. */
final class Screen {

    private static final int COLUMNS = 80;

    /** Moves to the upper left corner. */
    private static final String HOME = "\033[H";

    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String CLEAR_ALL = "\033[2J";

    private final PrintWriter out;
    private final boolean replaces;
    private boolean begun;

    /** @param repeats false: the lines are shown once, and nothing is cleared */
    Screen(PrintWriter out, boolean repeats) {
        this.out = out;
        replaces = repeats && isTerminal();
    }

    static boolean isTerminal() {
        return Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY);
    }

    /** Returns the width to fill: the terminal's, but 80 at least. */
    static int columns() {
        return Math.max(COLUMNS, Integer.getInteger(StdoutSinkProvider.COLUMNS_PROPERTY, COLUMNS));
    }

    void show(List<String> lines) {
        if (replaces) {
            out.print(begun ? HOME : CLEAR_ALL + HOME);
            lines.forEach(line -> out.println(line + CLEAR_LINE));
            out.print(CLEAR_BELOW);
        } else {
            lines.forEach(out::println);
        }
        begun = true;
        out.flush();
    }

    /** Returns true if nobody reads any more. */
    boolean isGone() {
        return out.checkError();
    }
}
