package io.pgcdc.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** SQL identifiers joined by dots, quoted where SQL requires it. */
public final class Identifiers {

    /** Identifiers that need no quotes and that case folding does not change. */
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

    /** The longest identifier, in bytes (PostgreSQL's NAMEDATALEN less one). */
    public static final int NAME_BYTES = 63;

    private Identifiers() {}

    /**
     * Splits {@code a.b.c} into its names, without their quotes.
     *
     * @param count the number of names expected
     * @param form completes "write ..." if the text does not have this form
     * @throws IllegalArgumentException with the form
     */
    static List<String> parse(String text, int count, String form) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int end = at < text.length() && text.charAt(at) == '"' ? closingQuote(text, at, form) + 1 : dot(text, at);
            if (end < text.length() && text.charAt(end) != '.') {
                throw new IllegalArgumentException(form);
            }
            parts.add(identifier(text.substring(at, end), form));
            at = end + 1;
        }
        if (parts.size() != count) {
            throw new IllegalArgumentException(form);
        }
        return parts;
    }

    /** Returns the text that {@link #parse} reads, quoted only where needed. */
    static String join(String... names) {
        return Arrays.stream(names).map(Identifiers::quoted).collect(Collectors.joining("."));
    }

    private static int dot(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static int closingQuote(String text, int open, String form) {
        for (int i = open + 1; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                if (i + 1 == text.length() || text.charAt(i + 1) != '"') {
                    return i;
                }
                i++;
            }
        }
        throw new IllegalArgumentException(form);
    }

    private static String identifier(String part, String form) {
        boolean quoted = part.startsWith("\"");
        String name = quoted ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
        if (name.isEmpty()
                || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES
                || (!quoted && !PLAIN.matcher(name).matches())) {
            throw new IllegalArgumentException(form);
        }
        return name;
    }

    private static String quoted(String name) {
        return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
