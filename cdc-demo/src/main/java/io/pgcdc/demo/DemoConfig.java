package io.pgcdc.demo;

import io.pgcdc.cli.SinkProviders;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.pipeline.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private DemoConfig() {}

    /** @param format null for the sink's default */
    static PipelineConfig stdout(String url, Path queue, @Nullable String format) {
        Flags flags = new Flags(
                url,
                Shop.SLOT,
                Shop.PUBLICATIONS,
                queue.toString(),
                List.of("stdout"),
                format == null ? null : format.toLowerCase(Locale.ROOT),
                true,
                null,
                List.of(),
                "initial",
                null,
                null);
        return ConfigLoader.load(null, flags, nothing(), SinkProviders.own().byType())
                .one()
                .pipeline();
    }

    /**
     * Returns the configuration for Kafka.
     *
     * @param directory where it is written as cdc.yaml
     * @param properties of a client of the cluster
     * @param format null for the sink's default
     */
    static PipelineConfig kafka(String url, Path directory, Map<String, String> properties, @Nullable String format)
            throws IOException {
        Path file = Files.writeString(
                directory.resolve("cdc.yaml"),
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
                                .collect(Collectors.joining(", "))));
        return ConfigLoader.load(
                        file, Flags.NONE, nothing(), SinkProviders.own().byType())
                .one()
                .pipeline();
    }

    /** Returns an empty environment: the caller's PG* variables do not apply to the demo's server. */
    private static Environment nothing() {
        return new Environment(Map.of(), "", Path.of(""), Path.of("").toAbsolutePath());
    }
}
