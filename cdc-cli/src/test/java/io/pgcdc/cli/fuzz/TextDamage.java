package io.pgcdc.cli.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages texts, as people and programs that write files do. One thread. */
public final class TextDamage {

    private static final int MOST = 4;
    private static final int LONG = 20_000;
    private static final int DEEP = 3_000;

    /** A word, a run of spaces, or a single other character. */
    private static final Pattern TOKEN = Pattern.compile("\\w+|[ \\t]+|\\R|.", Pattern.DOTALL);

    /** Texts that mean something in YAML, in connection strings, in templates or in JSON, and characters that need care. */
    private static final List<String> TELLING = List.of(
            "&a",
            "*a",
            "*",
            "<<: *a",
            "!!binary",
            "!!java.net.URL",
            "!",
            "---",
            "...",
            "? ",
            "- ",
            ": ",
            "|",
            ">",
            "%YAML 1.2",
            "#",
            "@",
            "`",
            "'",
            "\"",
            "\\",
            "null",
            "~",
            "{}",
            "[]",
            "{a: b}",
            "[a, b]",
            "{",
            "}",
            "[",
            "]",
            ",",
            ",,",
            "=",
            "==",
            "true",
            "yes",
            "0",
            "-1",
            "08",
            "0x10",
            "1e9",
            "NaN",
            ".inf",
            "2147483648",
            "9223372036854775808",
            "99999999999999999999999999",
            "-9223372036854775808",
            "1.5",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "  ",
            "\u0000",
            "\u0001",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u00ad",
            "\u200b",
            "\u202e",
            "\u2028",
            "\ufeff",
            "\ufffe",
            "\uffff",
            "\ud83d\ude00",
            "\ud800",
            "\udc00",
            "\u0130",
            "\u00df",
            "e\u0301",
            "\uff0e",
            "\u0660",
            "\\0",
            "\\ud800",
            "\\u0000",
            "\\x00",
            "${env:NONE}",
            "${env:EMPTY}",
            "${env:ODD}",
            "${file:/nowhere}",
            "${file:.}",
            "${file:}",
            "${",
            "}",
            "$${",
            "${}",
            "${table}",
            "${prefix}",
            "${schema}",
            "%",
            "%00",
            "%zz",
            "%C3",
            "%41",
            "%F0%9F%98%80",
            "?",
            "&",
            ";",
            ":",
            "/",
            "//",
            "://",
            "@@",
            "..",
            "../..",
            "/dev/zero",
            "/proc/self/mem",
            "postgresql://",
            "jdbc:postgresql:",
            "[::1]",
            "::",
            "sslmode=verify-full",
            "password=p",
            "name:",
            "source:",
            "sinks:",
            "pipelines:",
            "http:",
            "type: kafka",
            ".*",
            "(",
            ")",
            "*",
            "**",
            "a.b.c");

    private final Random random;

    public TextDamage(Random random) {
        this.random = random;
    }

    /** Returns the text with some of it changed, left out, repeated or added. Sometimes the text as it is. */
    public String of(String whole, List<String> others) {
        String damaged = whole;
        for (int i = random.nextInt(MOST + 1); i > 0; i--) {
            damaged = random.nextBoolean() ? tokens(damaged, others) : characters(damaged);
        }
        return damaged;
    }

    private String characters(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(8));
        String before = text.substring(0, from);
        String part = text.substring(from, to);
        String after = text.substring(to);
        return switch (random.nextInt(6)) {
            case 0 -> before + after;
            case 1 -> before + part + part + after;
            case 2 -> before + new StringBuilder(part).reverse() + after;
            case 3 -> before + (char) random.nextInt(0x80) + after;
            case 4 -> before + (char) random.nextInt(0x10000) + part + after;
            default -> random.nextInt(4) == 0 ? before : before + pick(TELLING) + part + after;
        };
    }

    private String tokens(String text, List<String> others) {
        List<String> tokens = new ArrayList<>(
                TOKEN.matcher(text).results().map(MatchResult::group).toList());
        if (tokens.isEmpty()) {
            return pick(TELLING);
        }
        int at = random.nextInt(tokens.size());
        switch (random.nextInt(10)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, tokens.get(at));
            case 2 -> tokens.set(at, tokens.set(random.nextInt(tokens.size()), tokens.get(at)));
            case 3, 4 -> tokens.set(at, pick(TELLING));
            case 5 -> tokens.add(at, pick(TELLING));
            case 6 -> tokens.set(at, pick(tokens));
            case 7 -> {
                int to = at + 1 + random.nextInt(tokens.size() - at);
                tokens.addAll(random.nextInt(tokens.size()), List.copyOf(tokens.subList(at, to)));
            }
            case 8 -> {
                String other = pick(others);
                tokens.set(at, other.substring(random.nextInt(other.length() + 1)));
            }
            default -> {
                if (random.nextInt(20) == 0) {
                    tokens.set(at, huge());
                }
            }
        }
        return String.join("", tokens);
    }

    private String huge() {
        String one = pick(random.nextBoolean() ? List.of("a", "9", "[", "{a: ", "- ", " ", "\n", "\"") : TELLING);
        return one.repeat(random.nextBoolean() ? LONG / one.length() : DEEP / one.length());
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
