package io.pgcdc.cli.http;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param path without the query
 * @param query parameters; of a repeated one, the last
 * @param accept the header of that name; null: none
 * @param lastEventId the header of that name; null: none
 * @param isTrusted false: the client has not shown the token that the server asks for; only public pages are made for it
 */
public record HttpRequest(
        String path,
        Map<String, String> query,
        @Nullable String accept,
        @Nullable String lastEventId,
        boolean isTrusted) {

    /** More is refused: nobody needs it. */
    private static final int MOST_PARAMETERS = 20;

    public HttpRequest {
        query = Map.copyOf(query);
    }

    /** @throws BadRequestException the query cannot be read */
    static HttpRequest of(HttpExchange exchange, boolean trusted) {
        return new HttpRequest(
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                only(exchange, "Accept"),
                only(exchange, "Last-Event-ID"),
                trusted);
    }

    private static @Nullable String only(HttpExchange exchange, String header) {
        List<String> values = exchange.getRequestHeaders().get(header);
        return values == null || values.isEmpty() ? null : String.join(", ", values);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            query.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        if (query.size() > MOST_PARAMETERS) {
            throw new BadRequestException("the query has more than " + MOST_PARAMETERS + " parameters");
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("the query has a % that two hexadecimal digits do not follow");
        }
    }

    /** Returns whether the client wants server-sent events. */
    public boolean wantsEvents() {
        return accept != null && accept.contains(Answer.EVENT_STREAM);
    }
}
