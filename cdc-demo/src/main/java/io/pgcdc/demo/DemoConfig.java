package io.pgcdc.demo;

import io.pgcdc.cli.SinkProviders;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configurations of the demo. */
final class DemoConfig {

    /** First part of the topics' names. */
    static final String PREFIX = "shop";

    /** An address for a check before anything is started. */
    static final String NOWHERE = "postgresql://localhost/" + Shop.DATABASE;

    private static final long RETAIN_BYTES = 200_000_000;

    private static final String KAFKA = """
            source: {url: "%s", slot: %s, publications: %s, create_slot: true}
            queue: {dir: "%s"}
            snapshot: initial
            sinks:
              - name: bus
                type: kafka
                prefix: %s
                message_topic: %s.message
                partitions: 1
                format: %s
                properties: {%s}
            """;

    private static final String STDOUT = """
            source: {url: "%s", slot: %s, publications: %s, create_slot: true}
            queue: {dir: "%s"}
            snapshot: initial
            sinks:
              - {name: out, type: stdout, format: %s}
            """;

    /** Beside the above: others may look, but not at everything. */
    private static final String SERVED = """
              - name: live
                type: feed
                exclude_columns: [user_service.users.password_hash]
                mask: ["user_service.users.email=truncate:3"]
            http: "%s"
            """;

    private DemoConfig() {}

    /**
     * Returns the configuration for standard output.
     *
     * @param directory where it is written as cdc.yaml
     * @param format null for the sink's default
     * @param http where the console is served; null: nowhere
     */
    static LoadedProcess stdout(String url, Path directory, @Nullable String format, @Nullable String http)
            throws IOException {
        return load(
                directory,
                STDOUT.formatted(
                        url,
                        Shop.SLOT,
                        Shop.PUBLICATIONS,
                        directory.resolve("queue"),
                        format == null ? "auto" : format.toLowerCase(Locale.ROOT)),
                http);
    }

    /**
     * Returns the configuration for Kafka.
     *
     * @param directory where it is written as cdc.yaml
     * @param properties of a client of the cluster
     * @param format null for the sink's default
     * @param http where the console is served; null: nowhere
     */
    static LoadedProcess kafka(
            String url, Path directory, Map<String, String> properties, @Nullable String format, @Nullable String http)
            throws IOException {
        return load(
                directory,
                KAFKA.formatted(
                        url,
                        Shop.SLOT,
                        Shop.PUBLICATIONS,
                        directory.resolve("queue"),
                        PREFIX,
                        PREFIX,
                        format == null ? "native" : format.toLowerCase(Locale.ROOT),
                        properties.entrySet().stream()
                                .map(p -> p.getKey() + ": '" + p.getValue() + "'")
                                .collect(Collectors.joining(", "))),
                http);
    }

    private static LoadedProcess load(Path directory, String config, @Nullable String http) throws IOException {
        String served = http == null
                ? config
                : config.replace("queue: {", "queue: {retain_bytes: " + RETAIN_BYTES + ", ") + SERVED.formatted(http);
        Path file = Files.writeString(directory.resolve("cdc.yaml"), served);
        return ConfigLoader.load(
                file, Flags.NONE, nothing(), SinkProviders.own().byType());
    }

    /** Returns an empty environment: the caller's PG* variables do not apply to the demo's server. */
    private static Environment nothing() {
        return new Environment(Map.of(), "", Path.of(""), Path.of("").toAbsolutePath());
    }
}
