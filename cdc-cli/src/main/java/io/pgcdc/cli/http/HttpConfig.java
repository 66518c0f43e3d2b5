package io.pgcdc.cli.http;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.SettingValues;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP server listens, and whom it answers.
 *
 * @param host name or address, without brackets
 * @param port 0: any
 * @param tokenFile null: no token is asked for
 * @param hosts further names of the server
 * @param origins of pages that may read the answers, beside the server's own
 * @param rows whether the console shows changes
 */
public record HttpConfig(
        String host, int port, @Nullable Path tokenFile, List<String> hosts, List<String> origins, boolean rows) {

    private static final int MAX_PORT = 65_535;

    public HttpConfig {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    /** Without further names and origins. */
    public HttpConfig(String host, int port, @Nullable Path tokenFile) {
        this(host, port, tokenFile, List.of(), List.of(), true);
    }

    /** Returns the host as it stands in a URL. */
    String hostInUrl() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /**
     * Returns the configuration; null: nothing is served.
     *
     * @param directory to which a relative path belongs
     * @param section of the values, for the places of problems
     */
    public static @Nullable HttpConfig of(SettingValues values, Path directory, Section section, Problems problems) {
        String listen = values.find(HttpSettings.LISTEN);
        if (listen == null) {
            return null;
        }
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, colon);
        if (Integer.parseInt(listen.substring(colon + 1)) > MAX_PORT) {
            problems.add(
                    ErrorCode.CONFIG_BAD_VALUE,
                    section.place(HttpSettings.LISTEN),
                    "http.listen has a port above " + MAX_PORT + "; write one from 0 to " + MAX_PORT);
        }
        Path file = values.find(HttpSettings.TOKEN_FILE);
        return new HttpConfig(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(listen.substring(colon + 1)),
                file == null ? null : directory.resolve(file),
                values.get(HttpSettings.HOSTS),
                values.get(HttpSettings.ORIGINS),
                values.get(HttpSettings.ROWS));
    }
}
