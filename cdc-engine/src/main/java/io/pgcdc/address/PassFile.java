package io.pgcdc.address;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The passwords of a password file (PostgreSQL documentation, "The Password File"). Lines are {@code
 * host:port:database:user:password}. The first four fields are literal or {@code *}, with \: and \\ as escapes. The first line that
 * matches counts. Never prints a secret.
 */
public final class PassFile {

    private final List<List<String>> entries = new ArrayList<>();

    /** Reads the lines. Comments, and lines with fewer than five fields, match nothing. */
    public PassFile(List<String> lines) {
        for (String line : lines) {
            List<String> fields = fields(line);
            if (!line.startsWith("#") && fields.size() >= 5) {
                entries.add(fields);
            }
        }
    }

    /** Returns the password for one server, or null. */
    public @Nullable String find(HostPort server, String database, String user) {
        List<String> wanted = List.of(String.valueOf(server.port()), database, user);
        for (List<String> entry : entries) {
            boolean host = entry.get(0).equals("*") || server.isCalled(unescaped(entry.get(0)));
            if (host && matches(entry.subList(1, 4), wanted)) {
                String password = unescaped(entry.get(4));
                return password.isEmpty() ? null : password;
            }
        }
        return null;
    }

    private static boolean matches(List<String> entry, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            // an escaped star is a literal star, so the raw text is compared
            if (!entry.get(i).equals("*") && !unescaped(entry.get(i)).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Splits at colons that no backslash precedes. Keeps the escapes. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ':') {
                fields.add(field.toString());
                field.setLength(0);
                continue;
            }
            field.append(c);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            }
        }
        fields.add(field.toString());
        return fields;
    }

    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            text.append(c == '\\' && i + 1 < field.length() ? field.charAt(++i) : c);
        }
        return text.toString();
    }
}
