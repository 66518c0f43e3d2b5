package io.pgcdc.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table by schema and name, both as the catalog holds them. */
public record TableName(String schema, String name) {

    /** What needs no quotes and is not changed by case folding. */
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

    private static final String FORM = "schema.table; a name with other than a-z 0-9 _ $ in double quotes";

    /**
     * Reads {@code public.users} or {@code "My Schema"."Users"}. Upper case without quotes is refused, because SQL would fold it and
     * a catalog's listing would not: nobody could tell which was meant.
     *
     * @throws IllegalArgumentException whose message completes "write …"
     */
    public static TableName parse(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int end = at < text.length() && text.charAt(at) == '"' ? closingQuote(text, at) + 1 : dot(text, at);
            if (end < text.length() && text.charAt(end) != '.') {
                throw new IllegalArgumentException(FORM);
            }
            parts.add(identifier(text.substring(at, end)));
            at = end + 1;
        }
        if (parts.size() != 2) {
            throw new IllegalArgumentException(FORM);
        }
        return new TableName(parts.get(0), parts.get(1));
    }

    /** As SQL wants it, always quoted. */
    public String sql() {
        return '"' + schema.replace("\"", "\"\"") + "\".\"" + name.replace("\"", "\"\"") + '"';
    }

    /** As {@link #parse} reads it, quoted only where needed. */
    @Override
    public String toString() {
        return quoted(schema) + "." + quoted(name);
    }

    private static int dot(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static int closingQuote(String text, int open) {
        for (int i = open + 1; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                if (i + 1 == text.length() || text.charAt(i + 1) != '"') {
                    return i;
                }
                i++;
            }
        }
        throw new IllegalArgumentException(FORM);
    }

    private static String identifier(String part) {
        boolean quoted = part.startsWith("\"");
        String name = quoted ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
        if (name.isEmpty()
                || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > SourceSettings.NAME_BYTES
                || (!quoted && !PLAIN.matcher(name).matches())) {
            throw new IllegalArgumentException(FORM);
        }
        return name;
    }

    private static String quoted(String name) {
        return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
