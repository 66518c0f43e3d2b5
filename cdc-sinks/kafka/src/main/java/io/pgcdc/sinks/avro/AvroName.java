package io.pgcdc.sinks.avro;

/**
 * Makes Avro names, {@code [A-Za-z_][A-Za-z0-9_]*}, from PostgreSQL names, by the rule of SQL/XML (ISO 9075-14, "Mapping of SQL
 * identifiers to XML names"): a character that is not allowed becomes {@code _x0020_}, with its code point in hexadecimal.
 *
 * <pre>
 *   user_id -> user_id     odd name -> odd_x0020_name     1st -> _x0031_st     a_x0020_b -> a_x005F_x0020_b
 * </pre>
 *
 * The result depends only on the name. Two different names never give the same result, because a text that looks like an escape is
 * escaped.
 */
final class AvroName {

    private static final int ESCAPED_DIGITS = 4;

    private AvroName() {}

    static String of(String name) {
        StringBuilder out = null;
        int i = 0;
        while (i < name.length()) {
            int c = name.codePointAt(i);
            boolean fits = isLetter(c) || (isDigit(c) && i > 0) || (c == '_' && !looksEscaped(name, i));
            if (!fits && out == null) {
                out = new StringBuilder().append(name, 0, i);
            }
            if (out != null) {
                if (fits) {
                    out.append((char) c);
                } else {
                    out.append(String.format("_x%04X_", c));
                }
            }
            i += Character.charCount(c);
        }
        return out == null ? name : out.toString();
    }

    private static boolean looksEscaped(String name, int at) {
        int digits = at + 2;
        if (!name.startsWith("_x", at) || name.length() < digits + ESCAPED_DIGITS) {
            return false;
        }
        for (int i = digits; i < digits + ESCAPED_DIGITS; i++) {
            char c = name.charAt(i);
            if (!isDigit(c) && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }

    /** Maps each part of a dotted name by the rule. Drops empty parts. */
    static String ofDotted(String name) {
        StringBuilder out = new StringBuilder();
        for (String part : name.split("\\.")) {
            if (!part.isEmpty()) {
                out.append(out.length() == 0 ? "" : ".").append(of(part));
            }
        }
        return out.toString();
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
