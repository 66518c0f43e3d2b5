package io.pgcdc.address;

/**
 * Reads {@code host=h1 user='some one' …} (PostgreSQL documentation, "Keyword/Value Connection Strings"). Spaces around = are
 * allowed. A value with spaces is in single quotes. \' and \\ are escapes everywhere.
 */
final class LibpqKeywords {

    private final String text;
    private final ConnectionText into;
    private int at;

    private LibpqKeywords(ConnectionText into) {
        this.text = into.text();
        this.into = into;
    }

    static void read(ConnectionText into) {
        new LibpqKeywords(into).readAll();
    }

    private void readAll() {
        for (skipSpace(); at < text.length(); skipSpace()) {
            int start = at;
            while (at < text.length() && text.charAt(at) != '=' && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            String name = text.substring(start, at);
            skipSpace();
            if (at == text.length() || text.charAt(at) != '=') {
                into.noValue(name);
                return;
            }
            at++;
            skipSpace();
            boolean quoted = at < text.length() && text.charAt(at) == '\'';
            String value = value(quoted);
            if (quoted && at > text.length()) {
                into.problem("a quote is not closed; write \\' for ' in a value");
                return;
            }
            into.putNamed(name, value, false);
        }
    }

    /** Reads a value. If a closing quote is missing, {@code at} is past the end of the text afterwards. */
    private String value(boolean quoted) {
        StringBuilder value = new StringBuilder();
        at += quoted ? 1 : 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quoted ? c == '\'' : Character.isWhitespace(c)) {
                break;
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            value.append(c);
            at++;
        }
        if (quoted) {
            at++;
        }
        return value.toString();
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
