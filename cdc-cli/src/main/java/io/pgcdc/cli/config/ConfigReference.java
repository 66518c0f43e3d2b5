package io.pgcdc.cli.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.cli.http.HttpSettings;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.view.RouteSettings;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes {@code docs/reference/configuration.md} from the settings themselves, so that it is always current. */
public final class ConfigReference {

    private static final String HEAD = """
            # Configuration

            <!-- Generated from the settings in the code. Do not edit; ConfigReferenceTest tells how to generate it. -->

            `cdc run` reads a YAML file (`-c cdc.yaml`), flags, or both; a flag overrides the file. An unknown key is an error, and all
            problems are reported at once, each with its place. Third-party sinks, and their settings, come from [plugins](../how-to/plugins.md).

            ```yaml
            source: {url: "postgresql://cdc@localhost:5432/shop", slot: shop_cdc, publications: [users_pub, orders_pub]}
            queue: {dir: ./queue, confirm: sinks}
            sinks:
              - {name: out, type: stdout}
            ```

            A file may also have a list of `pipelines:`, each with the keys above, and `http:` beside it
            ([operation](../how-to/operation.md#several-pipelines-in-one-process)).

            In every value, `${env:NAME}` is replaced by a variable and `${file:/path}` by the content of a file (without a newline at
            its end); `$${` means `${`. Placeholders such as `${schema}` in a sink's names of topics are the sink's own. A value from
            a reference is never shown. A list is a YAML list, or one text with commas.
            """;

    private static final String CONNECTION = """

            ## Connection strings

            `source.url`, or a sink's, is a libpq URI, a libpq keyword string or a JDBC URL. Missing parts come from the variables below, then from
            the password file (`~/.pgpass`, readable by its owner only), then from libpq's defaults: localhost, 5432, the
            operating system's user, the database named like the user, `sslmode=prefer`. In a URI the characters `@ : / ? # & %`
            of user and password are percent-encoded. Other parameters are errors; service files are not supported.

            A host that begins with a slash is the directory of a Unix socket of a server on this machine: `host=/var/run/postgresql
            dbname=shop`, or `postgresql://cdc@%2Fvar%2Frun%2Fpostgresql/shop`. It must be the only host, and `sslmode` has no effect on it.

            | libpq | JDBC URL | variable |
            |---|---|---|
            """;

    private final StringBuilder out = new StringBuilder(HEAD);

    private ConfigReference() {}

    public static String generate(Collection<SinkProvider> providers) {
        ConfigReference reference = new ConfigReference();
        ReferenceSection.of(providers).forEach(section -> reference.section(section.title(), section.settings()));
        reference.feed();
        reference.flags();
        reference.connection();
        return reference.out.toString();
    }

    private void feed() {
        out.append("\n## Feeds: sinks of `type: ").append(FeedConfig.TYPE).append("`\n\n");
        out.append(
                "Clients fetch a [feed's](../how-to/feed.md) changes over HTTP. Of the settings of every sink it has these: `name`, `type`, ");
        out.append(RouteSettings.ALL.stream().map(s -> "`" + s.key() + "`").collect(Collectors.joining(", ")));
        out.append(
                ". A pipeline with a feed must say how much the queue keeps, `retain_bytes`. If all its sinks are feeds, it needs");
        out.append(" `confirm: queue`.\n");
    }

    private void section(String title, List<Setting<?>> settings) {
        out.append("\n## ").append(title).append("\n\n");
        if (settings.isEmpty()) {
            out.append("Nothing to configure.\n");
            return;
        }
        out.append("| key | type | default | limits | meaning |\n|---|---|---|---|---|\n");
        settings.forEach(s ->
                row("`" + s.key() + "`", s.type().name(), fallback(s), s.type().limits(), s.doc()));
    }

    /** Returns the default, or that there is none. */
    static String fallback(Setting<?> setting) {
        Object value = setting.defaultValue();
        if (value instanceof SettingType.ShownPairs pairs && pairs.shown().isEmpty()) {
            return "none";
        }
        if (List.of().equals(value)) {
            return "`[]`";
        }
        if (value != null) {
            return "`" + String.join(", ", SettingType.print(value)) + "`";
        }
        return setting.required() ? "required" : "not set";
    }

    private void flags() {
        out.append(
                "\n## Flags\n\nA list's flag may be repeated, or contain commas.\n\n| flag | setting |\n|---|---|\n");
        FlagConfig.FLAGS.forEach((setting, flag) -> {
            row("`" + flag + "`", "`" + section(setting) + "." + setting.key() + "`");
        });
        row(
                "`" + FlagConfig.PIPELINE + "`",
                "none: the name of one of the file's `pipelines`, to which the flags above belong");
        row("`" + FlagConfig.SINK + "`", "the `type` of a sink, which is also its name; only if the file has no sinks");
        row("`" + FlagConfig.FORMAT + "`", "`format` of the only sink");
    }

    private static String section(Setting<?> setting) {
        if (SnapshotSettings.ALL.contains(setting)) {
            return "snapshot";
        }
        if (HttpSettings.ALL.contains(setting)) {
            return "http";
        }
        return QueueSettings.ALL.contains(setting) ? "queue" : "source";
    }

    private void connection() {
        out.append(CONNECTION);
        for (ConnectionParameter parameter : ConnectionParameter.values()) {
            row(code(parameter.libpqName()), code(parameter.jdbcName()), code(parameter.variable()));
        }
    }

    private static String code(@Nullable String name) {
        return name == null ? "" : "`" + name + "`";
    }

    private void row(String... cells) {
        for (String cell : cells) {
            out.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        out.append("|\n");
    }
}
