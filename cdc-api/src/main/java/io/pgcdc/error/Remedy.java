package io.pgcdc.error;

import java.util.List;

/**
 * What to do about a finding: words for a person, and lines that can be run or written as they stand. Immutable.
 *
 * @param kind what the lines are
 * @param words for a person. Without lines, or with lines of a configuration, whole sentences. With other lines, what stands before their colon:
 *     {@code As a superuser}
 * @param lines one statement, command or {@code key: value} each; empty for WORDS
 * @param restart true if the server must be restarted after the lines
 */
public record Remedy(Kind kind, String words, List<String> lines, boolean restart) {

    /** Kind of a remedy's lines. */
    public enum Kind {
        /** There are none. */
        WORDS,
        /** SQL for the server that the finding is about, each with its semicolon. */
        SQL,
        /** Settings: the dotted path of a key, a colon and a value in YAML, as in {@code source.create_slot: true}. A sink has its name in the path. */
        CONFIG,
        /** Commands for a shell. */
        COMMAND
    }

    public Remedy {
        lines = List.copyOf(lines);
    }

    /** Returns a remedy that only a person can carry out. */
    public static Remedy words(String sentences) {
        return new Remedy(Kind.WORDS, sentences, List.of(), false);
    }

    /** @param words who runs it, or why */
    public static Remedy sql(String words, String... statements) {
        return new Remedy(Kind.SQL, words, List.of(statements), false);
    }

    /** @param words whole sentences, which name the flags */
    public static Remedy config(String words, String... settings) {
        return new Remedy(Kind.CONFIG, words, List.of(settings), false);
    }

    /** @param words who runs it, or why */
    public static Remedy command(String words, String... commands) {
        return new Remedy(Kind.COMMAND, words, List.of(commands), false);
    }

    /** Returns this remedy with more words before its own. */
    public Remedy after(String sentences) {
        return new Remedy(kind, sentences + " " + words, lines, restart);
    }

    /** Returns this remedy, followed by a restart of the server. */
    public Remedy thenRestart() {
        return new Remedy(kind, words, lines, true);
    }

    /** Returns the whole remedy as sentences, for a message. */
    public String text() {
        String all = kind == Kind.SQL || kind == Kind.COMMAND ? words + ": " + String.join(" ", lines) : words;
        return restart ? all + " Then restart the server." : all;
    }
}
