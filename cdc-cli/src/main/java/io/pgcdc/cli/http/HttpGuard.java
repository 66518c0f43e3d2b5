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

    HttpGuard(HttpConfig config) {
        tokenFile = config.tokenFile();
        hosts.add(lower(config.host().contains(":") ? "[" + config.host() + "]" : config.host()));
        config.hosts().forEach(host -> hosts.add(lower(host)));
    }

    /** An answer to a request that is refused. */
    record Refused(int status, String why) {}

    /** Returns null if the request may be answered. */
    @Nullable
    Refused refuse(HttpExchange request) {
        Path file = tokenFile;
        if (file != null) {
            return hasToken(request, file)
                    ? null
                    : new Refused(
                            401, "send the header \"Authorization: Bearer TOKEN\" with the token of http.token_file");
        }
        List<String> named = request.getRequestHeaders().get("Host");
        if (named != null && named.size() == 1 && hosts.contains(lower(withoutPort(named.get(0))))) {
            return null;
        }
        return new Refused(421, "this server has another name; add the name to http.hosts, or set http.token_file");
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
