package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.KeyValues;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.registry.RegistryAddress;
import io.pgcdc.sinks.registry.SchemaRegistry;
import java.util.List;
import java.util.function.BiConsumer;

/** The settings of {@code format: avro}. */
final class AvroSettings {

    static final Setting<KeyValues> REGISTRY = Setting.of(
            "schema_registry",
            SettingType.keyValues(),
            KeyValues.NONE,
            "Avro: a schema registry with Confluent's REST interface: " + RegistryAddress.KEYS
                    + ". `format: avro` requires it.");

    private static final Setting<Boolean> AUTO_REGISTER = Setting.of(
            "auto_register",
            SettingType.bool(),
            true,
            "Avro: register schemas that the registry lacks. `false`: a missing schema is an error.");

    static final Setting<SubjectNaming> NAMING = Setting.of(
            "subject_naming",
            SettingType.choice(SubjectNaming.class),
            SubjectNaming.TOPIC,
            "Avro: the subjects of schemas. `topic`: `TOPIC-key` and `TOPIC-value`. `record`: the schema's full name."
                    + " `topic_record`: both, with `-` in between, for tables that share a topic.");

    static final Setting<List<ColumnName>> TEXT_COLUMNS = Setting.of(
            "text_columns",
            SettingType.list(SettingType.one("column", "schema.table.column", ColumnName::parse)),
            List.of(),
            "Avro: columns whose values are written as PostgreSQL's text, for example because a value does not fit in the"
                    + " column's Avro type.");

    static final List<Setting<?>> ALL = List.of(REGISTRY, AUTO_REGISTER, NAMING, TEXT_COLUMNS);

    private AvroSettings() {}

    static void check(SettingValues settings, BiConsumer<Setting<?>, String> problems) {
        RegistryAddress.check(settings.get(REGISTRY), problem -> problems.accept(REGISTRY, problem));
    }

    static SchemaRegistry registry(String sink, SettingValues settings) {
        return new SchemaRegistry(sink, RegistryAddress.of(settings.get(REGISTRY)), settings.get(AUTO_REGISTER));
    }

    static AvroOptions options(SettingValues settings) {
        String prefix = settings.find(FormatSettings.PREFIX);
        return new AvroOptions(prefix == null ? "" : prefix, settings.get(TEXT_COLUMNS));
    }
}
