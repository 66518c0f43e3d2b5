package io.pgcdc.sinks.registry;

import io.pgcdc.setting.KeyValues;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is, and how it is reached.
 *
 * @param url without a slash at its end
 * @param user null: without a login
 * @param truststore file of the certificates that are trusted; null: the JVM's
 */
public record RegistryAddress(
        URI url,
        @Nullable String user,
        String password,
        @Nullable String truststore,
        @Nullable String truststorePassword) {

    /** For the reference. */
    public static final String KEYS = "`url`, `user`, `password`, `ssl.truststore.location`, `ssl.truststore.password`";

    private static final String URL = "url";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String TRUSTSTORE = "ssl.truststore.location";
    private static final String TRUSTSTORE_PASSWORD = "ssl.truststore.password";
    private static final Set<String> ALL = Set.of(URL, USER, PASSWORD, TRUSTSTORE, TRUSTSTORE_PASSWORD);

    /** @param settings that {@link #check} finds nothing wrong with */
    public static RegistryAddress of(KeyValues settings) {
        Map<String, String> given = settings.asMap();
        String url = given.getOrDefault(URL, "");
        return new RegistryAddress(
                URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url),
                given.get(USER),
                given.getOrDefault(PASSWORD, ""),
                given.get(TRUSTSTORE),
                given.get(TRUSTSTORE_PASSWORD));
    }

    /** @param problems each completes the setting's name */
    public static void check(KeyValues settings, Consumer<String> problems) {
        Map<String, String> given = settings.asMap();
        for (String name : given.keySet()) {
            if (!ALL.contains(name)) {
                problems.accept("has " + name + ", which it does not know; write " + KEYS.replace("`", ""));
            }
        }
        String url = given.get(URL);
        if (url == null || !isHttp(url)) {
            problems.accept(
                    "has no url of a registry; write {url: \"http://host:port\"}, with the path that the registry says"
                            + " (Apicurio: /apis/ccompat/v7), and user and password beside it");
        }
        if (given.containsKey(USER) != given.containsKey(PASSWORD)) {
            problems.accept("has one of user and password; write both, or leave both out");
        }
        if (given.containsKey(TRUSTSTORE_PASSWORD) && !given.containsKey(TRUSTSTORE)) {
            problems.accept("has " + TRUSTSTORE_PASSWORD + " without " + TRUSTSTORE + "; write both, or leave it out");
        }
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return url.toString();
    }
}
