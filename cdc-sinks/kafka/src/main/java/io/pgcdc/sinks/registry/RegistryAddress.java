package io.pgcdc.sinks.registry;

import io.pgcdc.setting.KeyValues;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The address of a registry, and the login and certificates for it.
 *
 * @param url base URL, without a slash at the end
 * @param user user name; null for no login
 * @param password empty if there is no login
 * @param truststore file of trusted certificates; null for the JVM's truststore
 * @param truststorePassword null if not given
 */
public record RegistryAddress(
        URI url,
        @Nullable String user,
        String password,
        @Nullable String truststore,
        @Nullable String truststorePassword) {

    /** The names of the settings, for the reference documentation. */
    public static final String KEYS = "`url`, `user`, `password`, `ssl.truststore.location`, `ssl.truststore.password`";

    private static final String URL = "url";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final String TRUSTSTORE = "ssl.truststore.location";
    private static final String TRUSTSTORE_PASSWORD = "ssl.truststore.password";
    private static final Set<String> ALL = Set.of(URL, USER, PASSWORD, TRUSTSTORE, TRUSTSTORE_PASSWORD);

    /**
     * Returns the address in the settings.
     *
     * @param settings settings for which {@link #check} reports no problem
     */
    public static RegistryAddress of(KeyValues settings) {
        Map<String, String> given = settings.current();
        String url = given.getOrDefault(URL, "");
        return new RegistryAddress(
                URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url),
                given.get(USER),
                given.getOrDefault(PASSWORD, ""),
                given.get(TRUSTSTORE),
                given.get(TRUSTSTORE_PASSWORD));
    }

    /**
     * Checks the settings.
     *
     * @param problems receives each problem, as a text that follows the setting's name
     */
    public static void check(KeyValues settings, Consumer<String> problems) {
        Map<String, String> given = settings.asMap();
        for (String name : given.keySet()) {
            if (!ALL.contains(name)) {
                problems.accept("contains the unknown name " + name + "; write " + KEYS.replace("`", ""));
            }
        }
        String url = given.get(URL);
        if (url == null || !isHttp(url)) {
            problems.accept(
                    "has no url; write {url: \"http://host:port\"}, with the path that the registry's documentation gives"
                            + " (Apicurio: /apis/ccompat/v7), and user and password if it requires them");
        }
        if (given.containsKey(USER) != given.containsKey(PASSWORD)) {
            problems.accept("has only one of user and password; write both, or remove it");
        }
        if (given.containsKey(TRUSTSTORE_PASSWORD) && !given.containsKey(TRUSTSTORE)) {
            problems.accept("has " + TRUSTSTORE_PASSWORD + " without " + TRUSTSTORE + "; write both, or remove it");
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

    /** Returns the URL. It contains no secrets. */
    @Override
    public String toString() {
        return url.toString();
    }
}
