package io.pgcdc.cli;

import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.io.PrintWriter;
import java.util.List;

/** Prints sentences: on a terminal in lines that fit it, so that it breaks no word; elsewhere a sentence a line, for programs. */
final class Prose {

    private static final int COLUMNS = 80;
    private static final int LEAST_COLUMNS = 40;

    private Prose() {}

    /** Returns the columns of the terminal; the greatest number if standard output is none. */
    static int columns() {
        return Boolean.getBoolean(StdoutSinkProvider.TERMINAL_PROPERTY)
                ? Math.max(LEAST_COLUMNS, Integer.getInteger(StdoutSinkProvider.COLUMNS_PROPERTY, COLUMNS))
                : Integer.MAX_VALUE;
    }

    /** Returns the text in lines. */
    static List<String> lines(String text) {
        return columns() == Integer.MAX_VALUE ? List.of(text) : Wrapped.text("", text, columns());
    }

    /** Prints the text, and ends its last line. */
    static void print(PrintWriter to, String text) {
        lines(text).forEach(to::println);
    }
}
