package io.pgcdc.cli.debezium;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.model.TablePattern;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/** A converted file as {@code cdc run} reads it. */
record ConvertedConfig(String yaml, PipelineConfig pipeline) {

    private static final Path FILES = Path.of("src", "test", "resources", "debezium");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Z_0-9a-z]+)}");

    /** Converts a published configuration, and loads the result. All variables that it names are set. */
    static ConvertedConfig of(String name, boolean newSlot, Path directory) throws IOException {
        String yaml = DebeziumConversion.convert(
                        FILES.resolve(name), Path.of("").toAbsolutePath(), newSlot)
                .yaml();
        Map<String, String> variables = new HashMap<>(Map.of("PGPASSWORD", "x"));
        VARIABLE.matcher(yaml).results().forEach(m -> variables.put(m.group(1), "value"));
        Files.writeString(directory.resolve("cdc.yaml"), yaml);
        Map<String, SinkProvider> providers = new HashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        Environment environment = new Environment(variables, "u", directory, directory);
        return new ConvertedConfig(
                yaml,
                ConfigLoader.load(Path.of("cdc.yaml"), Flags.NONE, environment, providers)
                        .one()
                        .pipeline());
    }

    static String text(String name) throws IOException {
        return Files.readString(FILES.resolve(name));
    }

    List<String> sinks() {
        return pipeline.sinks().stream().map(SinkConfig::name).toList();
    }

    /** Returns a setting of a sink, in text. */
    String setting(String sink, String key) {
        SettingValues settings = pipeline.sinks().stream()
                .filter(one -> one.name().equals(sink))
                .findFirst()
                .orElseThrow()
                .settings();
        SettingValues complete = new KafkaSinkProvider().complete(settings);
        Setting<?> setting = new KafkaSinkProvider()
                .settings().stream()
                        .filter(s -> s.key().equals(key))
                        .findFirst()
                        .orElseThrow();
        return String.valueOf(complete.find(setting));
    }

    /** Returns the topic of a table's changes, as the settings say. */
    String topic(String schema, String table) {
        String template = setting("kafka", "topic");
        String rules = setting("kafka", "topic_rules");
        for (String rule : rules.substring(1, rules.length() - 1).split(", ")) {
            int equals = rule.lastIndexOf('=');
            if (equals > 0 && TablePattern.parse(rule.substring(0, equals)).matches(schema, table)) {
                template = rule.substring(equals + 1);
                break;
            }
        }
        return template.replace("${prefix}", setting("kafka", "prefix"))
                .replace("${schema}", schema)
                .replace("${table}", table);
    }
}
