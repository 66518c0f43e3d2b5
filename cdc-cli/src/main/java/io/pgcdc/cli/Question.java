package io.pgcdc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** Asks before something that cannot be undone. */
final class Question {

    /** The launcher sets it if standard input is a terminal. */
    private static final String TERMINAL_PROPERTY = "cdc.stdin.terminal";

    /** The end of each question. */
    static final String END = "(--yes: do not ask)";

    private static final Set<String> YES = Set.of("y", "yes");

    private Question() {}

    /**
     * Prints the question on standard error, and returns true if the answer on the terminal says yes. Without a terminal nobody is asked: the answer
     * is no.
     */
    static boolean ask(CommandSpec spec, String question) {
        PrintWriter err = spec.commandLine().getErr();
        err.print(String.join("\n", Prose.lines(question + " [y/N] " + END)) + " ");
        err.flush();
        if (!Boolean.getBoolean(TERMINAL_PROPERTY)) {
            err.println();
            err.flush();
            return false;
        }
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line != null && YES.contains(line.strip().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
