package io.pgcdc.cli.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are answered. With a token: those that have it. Without: those that address this machine by a name of its own. A page in a
 * browser of somebody here could otherwise read the server through a name that its author points to this machine. Any thread.
 */
final class HttpGuard {

    private static final String SCHEME = "Bearer ";
    private static final int MOST_TOKEN_BYTES = 4_096;

    private final @Nullable Path tokenFile;
    private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    private final Set<String> origins;

    HttpGuard(HttpConfig config) {
        tokenFile = config.tokenFile();
        hosts.add(lower(config.host().contains(":") ? "[" + config.host() + "]" : config.host()));
        config.hosts().forEach(host -> hosts.add(lower(host)));
        origins = Set.copyOf(config.origins());
    }

    /** An answer to a request that is refused. */
    record Refused(int status, String why) {}

    /**
     * Returns null if the request may be answered.
     *
     * @param isPublic whether a client without the token may read the page, too
     */
    @Nullable
    Refused refuse(HttpExchange request, boolean isPublic) {
        if (isFromElsewhere(request, isPublic)) {
            return new Refused(
                    403,
                    "a page of another origin asks for this; add the origin to http.origins if it may read the server");
        }
        if (tokenFile != null) {
            // a browser asks for permission before it sends the token
            boolean asks = request.getRequestMethod().equals("OPTIONS") && allowedOrigin(request) != null;
            return isPublic || asks || isTrusted(request)
                    ? null
                    : new Refused(
                            401, "send the header \"Authorization: Bearer TOKEN\" with the token of http.token_file");
        }
        String host = only(request, "Host");
        if (host != null && hosts.contains(lower(withoutPort(host)))) {
            return null;
        }
        return new Refused(421, "this server has another name; add the name to http.hosts, or set http.token_file");
    }

    /** Returns true for a request that a page of another origin makes in somebody's browser. A link to the console may be followed. */
    private boolean isFromElsewhere(HttpExchange request, boolean isPublic) {
        if (allowedOrigin(request) != null) {
            return false;
        }
        String site = only(request, "Sec-Fetch-Site");
        if (site != null) {
            boolean link = isPublic
                    && "navigate".equals(only(request, "Sec-Fetch-Mode"))
                    && "document".equals(only(request, "Sec-Fetch-Dest"));
            return !link && !Set.of("same-origin", "none").contains(site);
        }
        String origin = only(request, "Origin");
        String host = only(request, "Host");
        return origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
    }

    /** Returns the request's origin if it may read the answers; null: it has none, or may not. */
    @Nullable
    String allowedOrigin(HttpExchange request) {
        String origin = only(request, "Origin");
        return origin != null && origins.contains(origin) ? origin : null;
    }

    private static @Nullable String only(HttpExchange request, String header) {
        List<String> values = request.getRequestHeaders().get(header);
        return values != null && values.size() == 1 ? values.get(0) : null;
    }

    /** Returns false if the server asks for a token and the request does not have it. */
    boolean isTrusted(HttpExchange request) {
        Path file = tokenFile;
        return file == null || hasToken(request, file);
    }

    private static boolean hasToken(HttpExchange request, Path file) {
        List<String> given = request.getRequestHeaders().get("Authorization");
        if (given == null || given.size() != 1 || !given.get(0).startsWith(SCHEME)) {
            return false;
        }
        byte[] sent = given.get(0).substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        try {
            byte[] expected = token(file);
            // its time does not depend on where the two differ
            return expected.length > 0 && MessageDigest.isEqual(expected, sent);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the token without the space around it; empty if there is none. */
    static byte[] token(Path file) throws IOException {
        if (Files.size(file) > MOST_TOKEN_BYTES) {
            throw new IOException("more than " + MOST_TOKEN_BYTES + " bytes");
        }
        return Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
