package io.pgcdc.connect.config;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.connect.record.RecordSettings;
import io.pgcdc.pipeline.PipelineSettings;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.setting.SettingType;
import io.pgcdc.sinks.debezium.option.DebeziumAnswer;
import io.pgcdc.sinks.debezium.option.DebeziumNames;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.outbox.OutboxSettings;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The connector's properties as Kafka Connect describes them: to its REST interface, and to the programs that show it. */
public final class Definition {

    private static final String ONE_OF = "one of ";

    private static final Set<Setting<?>> HIGH = Set.of(
            SourceSettings.URL,
            ConnectSettings.PASSWORD,
            SourceSettings.SLOT,
            SourceSettings.PUBLICATIONS,
            SnapshotSettings.MODE,
            FormatSettings.FORMAT,
            FormatSettings.PREFIX);

    private static final Set<Setting<?>> MEDIUM = Set.of(
            SourceSettings.CREATE_SLOT,
            SourceSettings.FAILOVER_SLOT,
            SourceSettings.CREATE_PUBLICATION,
            SourceSettings.PUBLICATION_TABLES,
            RecordSettings.VALUES,
            ConnectSettings.SOURCES,
            ConnectSettings.MEMORY_BYTES,
            PipelineSettings.MAX_ROW_BYTES,
            RouteSettings.TABLES,
            RouteSettings.EXCLUDE_TABLES,
            RouteSettings.EXCLUDE_COLUMNS,
            RouteSettings.MASK,
            RouteSettings.MASK_SALT);

    private Definition() {}

    /** Returns the definition. All properties that have one are in it; those of a named source are not. */
    public static ConfigDef configDef() {
        ConfigDef def = new ConfigDef();
        int order = 0;
        for (Property property : Properties.all()) {
            define(property, order++, def);
        }
        for (Map.Entry<String, DebeziumAnswer> name : DebeziumNames.all().entrySet()) {
            String ours = name.getValue().property();
            if (ours != null && !def.names().contains(name.getKey())) {
                defineDebezium(name.getKey(), ours, order++, def);
            }
        }
        return def;
    }

    private static void define(Property property, int order, ConfigDef def) {
        Setting<?> setting = property.setting();
        ConfigDef.Importance importance = HIGH.contains(setting)
                ? ConfigDef.Importance.HIGH
                : MEDIUM.contains(setting) ? ConfigDef.Importance.MEDIUM : ConfigDef.Importance.LOW;
        List<Object> choices = choices(setting);
        def.define(
                property.name(),
                type(property),
                defaultValue(property),
                new SettingValidator(property),
                importance,
                property.doc(),
                property.group().title(),
                order,
                width(setting),
                displayName(setting),
                dependents(setting),
                choices.isEmpty() ? null : new Choices(choices));
    }

    private static void defineDebezium(String name, String ours, int order, ConfigDef def) {
        def.define(
                name,
                name.endsWith("password") ? ConfigDef.Type.PASSWORD : ConfigDef.Type.STRING,
                null,
                null,
                ConfigDef.Importance.LOW,
                "Debezium's name for a value of `" + ours + "`. With it, Debezium's defaults hold.",
                Group.DEBEZIUM.title(),
                order,
                ConfigDef.Width.MEDIUM,
                name);
    }

    /**
     * Returns the type. A URL is a STRING although it may contain a password: a PASSWORD would hide from everybody which server is read.
     * {@link Validation} hides those that contain one, and {@code source.password} is the place for it.
     */
    static ConfigDef.Type type(Property property) {
        Setting<?> setting = property.setting();
        if (setting.secret() && !setting.equals(SourceSettings.URL)) {
            return ConfigDef.Type.PASSWORD;
        }
        if (setting.type().many()) {
            return ConfigDef.Type.LIST;
        }
        return switch (setting.type().name()) {
            case "integer" -> ConfigDef.Type.LONG;
            case "boolean" -> ConfigDef.Type.BOOLEAN;
            default -> ConfigDef.Type.STRING;
        };
    }

    static @Nullable Object defaultValue(Property property) {
        Object value = property.setting().defaultValue();
        if (value == null || property.isMapping()) {
            return null;
        }
        List<String> texts = SettingType.print(value);
        return switch (type(property)) {
            case LONG, BOOLEAN -> value;
            case LIST -> texts;
            default -> texts.get(0);
        };
    }

    /** Returns the values that exist; empty if there is no end of them. */
    static List<Object> choices(Setting<?> setting) {
        SettingType<?> type = setting.type();
        if (type.name().equals("boolean")) {
            return List.of(true, false);
        }
        return type.limits().startsWith(ONE_OF)
                ? List.of((Object[]) type.limits().substring(ONE_OF.length()).split(", "))
                : List.of();
    }

    private static ConfigDef.Width width(Setting<?> setting) {
        return switch (setting.type().name()) {
            case "integer", "boolean" -> ConfigDef.Width.SHORT;
            case "choice" -> ConfigDef.Width.MEDIUM;
            default -> ConfigDef.Width.LONG;
        };
    }

    private static String displayName(Setting<?> setting) {
        String words = setting.key()
                .replace('_', ' ')
                .replaceAll(" ms$", " (ms)")
                .replaceAll(" bytes$", " (bytes)")
                .replace(" wal ", " WAL ");
        return words.equals("url") ? "URL" : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static List<String> dependents(Setting<?> setting) {
        if (setting.equals(SourceSettings.CREATE_SLOT)) {
            return names(List.of(SourceSettings.FAILOVER_SLOT));
        }
        if (setting.equals(SourceSettings.CREATE_PUBLICATION)) {
            return names(List.of(SourceSettings.PUBLICATION_TABLES));
        }
        if (setting.equals(RouteSettings.MASK)) {
            return names(List.of(RouteSettings.MASK_SALT));
        }
        if (setting.equals(FormatSettings.FORMAT)) {
            List<Setting<?>> all = new ArrayList<>(FormatSettings.ALL);
            all.remove(FormatSettings.FORMAT);
            all.addAll(OutboxSettings.ROUTED);
            return names(all);
        }
        return List.of();
    }

    private static List<String> names(List<Setting<?>> settings) {
        return settings.stream().map(s -> Properties.of(s).name()).toList();
    }

    /** Offers the values that exist. */
    private record Choices(List<Object> values) implements ConfigDef.Recommender {

        @Override
        public List<Object> validValues(String name, Map<String, Object> parsed) {
            return values;
        }

        @Override
        public boolean visible(String name, Map<String, Object> parsed) {
            return true;
        }
    }

    /** Reads a value as {@link ConnectorConfig} does. */
    private record SettingValidator(Property property) implements ConfigDef.Validator {

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value == null) {
                return;
            }
            String text = value instanceof Password secret
                    ? secret.value()
                    : value instanceof List<?> many
                            ? String.join(
                                    ",", many.stream().map(String::valueOf).toList())
                            : value.toString();
            Setting<?> setting = property.setting();
            Problems problems = new Problems();
            var given = property.given(name, text);
            new SettingReader(problems)
                    .read(property.group().title(), List.of(setting), Map.of(setting.key(), given), missing -> {});
            if (setting.equals(SourceSettings.URL)) {
                ServerUrl.parse(given, Map.of(), System.getProperty("user.name", ""), problems);
            }
            if (problems.count() > 0) {
                var first = problems.list().get(0);
                throw new ConfigException(first.code() + " " + Wording.of(first.message()));
            }
        }

        /** Kafka Connect shows it as the valid values. */
        @Override
        public String toString() {
            return property.setting().type().limits();
        }
    }
}
