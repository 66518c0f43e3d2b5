package io.pgcdc.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 request, as RFC 9112 defines it. A body is not read.
 *
 * @param path of its target, decoded, without query
 * @param headers values by name, in small letters
 */
record HttpRequest(String method, String path, Map<String, List<String>> headers) {

    private static final int MOST_BYTES = 16 * 1024;

    private static final Pattern START = Pattern.compile("([A-Z]+) ([!-~]+) HTTP/1\\.[0-9]");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*");

    /** A request that cannot be answered as its client wants. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;

        Malformed(int status, String why) {
            super(why);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Reads a request.
     *
     * @return null: the client sends no more
     */
    static @Nullable HttpRequest read(InputStream from) throws IOException, Malformed {
        Head head = new Head(from);
        String first = head.line();
        Matcher start = START.matcher(first == null ? "" : first);
        if (first == null) {
            return null;
        }
        if (!start.matches()) {
            throw new Malformed(400, "the first line is not METHOD TARGET HTTP/1.1");
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = head.line(); line == null || !line.isEmpty(); line = head.line()) {
            if (line == null) {
                return null;
            }
            Matcher header = HEADER.matcher(line);
            if (!header.matches()) {
                throw new Malformed(400, "a header is not NAME: VALUE");
            }
            headers.computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.group(2));
        }
        return new HttpRequest(start.group(1), path(start.group(2)), headers);
    }

    private static String path(String target) throws Malformed {
        try {
            String path = URI.create(target).getPath();
            return path == null ? "" : path;
        } catch (IllegalArgumentException e) {
            throw new Malformed(400, "the target is not a path");
        }
    }

    /** Returns the only value of a header; null: there is none, or there are several. */
    @Nullable
    String only(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? values.get(0) : null;
    }

    /** The lines of a head, which end with CR LF, or LF alone. */
    private static final class Head {

        private final InputStream from;
        private int left = MOST_BYTES;

        Head(InputStream from) {
            this.from = from;
        }

        /** Returns the next line without its end; null: it has none. */
        @Nullable
        String line() throws IOException, Malformed {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = from.read(); c >= 0; c = from.read()) {
                if (--left < 0) {
                    throw new Malformed(431, "the request has more than " + MOST_BYTES + " bytes before its body");
                }
                if (c == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(c);
            }
            return null;
        }
    }
}
