package io.pgcdc.cli.http;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The settings under {@code http:}. */
public final class HttpSettings {

    /** A host, or an IPv6 address in brackets, and a port. */
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):[0-9]{1,5}");

    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[0-9A-Fa-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?");

    public static final Setting<String> LISTEN = Setting.optional(
            "listen",
            SettingType.text(ADDRESS, "HOST:PORT, such as `127.0.0.1:9187`"),
            "Serve the console, the change feed, metrics, health and status over HTTP at this address. Port 0: one that is free; the log names it. An address of"
                    + " another than this machine's loopback needs `token_file`. Without this setting nothing is served.");

    public static final Setting<Path> TOKEN_FILE = Setting.optional(
            "token_file",
            SettingType.path(),
            "A file with the token that each request must have in its header `Authorization: Bearer TOKEN`. It is read at each request, so you"
                    + " can change the token at any time.");

    public static final Setting<List<String>> HOSTS = Setting.of(
            "hosts",
            SettingType.list(),
            List.of(),
            "Names by which clients without a token may address the server, beside localhost, loopback addresses and the host of `listen`.");

    public static final Setting<List<String>> ORIGINS = Setting.of(
            "origins",
            SettingType.list(SettingType.text(
                    ORIGIN, "SCHEME://HOST or SCHEME://HOST:PORT, such as `https://shop.example.com`")),
            List.of(),
            "Origins of web pages that may read the change feed and the other answers, in the browser of somebody who can reach the server.");

    public static final Setting<Boolean> ROWS = Setting.of(
            "rows",
            SettingType.bool(),
            true,
            "Let the console show changes, as a sink sees them: with its masks, without the columns that it leaves out. Who can read the status"
                    + " can read them. `false`: it shows none.");

    public static final List<Setting<?>> ALL = List.of(LISTEN, TOKEN_FILE, HOSTS, ORIGINS, ROWS);

    private HttpSettings() {}
}
