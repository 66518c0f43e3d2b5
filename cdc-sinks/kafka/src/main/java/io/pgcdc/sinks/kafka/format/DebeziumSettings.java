package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.debezium.BinaryMode;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.DecimalMode;
import io.pgcdc.sinks.debezium.HstoreMode;
import io.pgcdc.sinks.debezium.IntervalMode;
import io.pgcdc.sinks.debezium.TimePrecision;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@code format: debezium}. Their names are those of Debezium's connector and Kafka Connect, with underscores
 * instead of dots.
 */
final class DebeziumSettings {

    static final Setting<Boolean> SCHEMAS = Setting.of(
            "schemas_enable",
            SettingType.bool(),
            false,
            "Debezium: write the schema with each key and value, the default of Kafka Connect's JsonConverter.");

    private static final Setting<DecimalMode> DECIMALS = Setting.of(
            "decimal_handling_mode",
            SettingType.choice(DecimalMode.class),
            DecimalMode.PRECISE,
            "Debezium: the form of numeric and money.");

    private static final Setting<TimePrecision> TIMES = Setting.of(
            "time_precision_mode",
            SettingType.choice(TimePrecision.class),
            TimePrecision.ADAPTIVE,
            "Debezium: the form of dates, times and timestamps without a time zone.");

    private static final Setting<IntervalMode> INTERVALS = Setting.of(
            "interval_handling_mode",
            SettingType.choice(IntervalMode.class),
            IntervalMode.NUMERIC,
            "Debezium: the form of interval.");

    private static final Setting<HstoreMode> HSTORE = Setting.of(
            "hstore_handling_mode",
            SettingType.choice(HstoreMode.class),
            HstoreMode.JSON,
            "Debezium: the form of hstore.");

    private static final Setting<BinaryMode> BINARY = Setting.of(
            "binary_handling_mode",
            SettingType.choice(BinaryMode.class),
            BinaryMode.BYTES,
            "Debezium: the form of bytea.");

    private static final Setting<String> UNAVAILABLE = Setting.of(
            "unavailable_value_placeholder",
            SettingType.text(),
            DebeziumOptions.UNAVAILABLE,
            "Debezium: the text for an unchanged TOAST value, which the server does not send.");

    static final List<Setting<?>> ALL = List.of(SCHEMAS, DECIMALS, TIMES, INTERVALS, HSTORE, BINARY, UNAVAILABLE);

    private DebeziumSettings() {}

    /**
     * Returns this format's defaults of general settings.
     *
     * @param prefix the sink's prefix; null for none
     */
    static SettingValues defaults(@Nullable String prefix) {
        Map<String, Object> values = new HashMap<>();
        values.put(FormatSettings.HEADERS.key(), false);
        values.put(FormatSettings.SKIP.key(), List.of(ChangeKind.TRUNCATE));
        if (prefix != null) {
            values.put(FormatSettings.MESSAGE_TOPIC.key(), prefix + ".message");
        }
        return new SettingValues(values);
    }

    static DebeziumOptions options(SettingValues settings, String database, InstantSource clock) {
        String prefix = settings.find(FormatSettings.PREFIX);
        return new DebeziumOptions(
                prefix == null ? "" : prefix,
                database,
                settings.get(SCHEMAS),
                settings.get(DECIMALS),
                settings.get(TIMES),
                settings.get(INTERVALS),
                settings.get(HSTORE),
                settings.get(BINARY),
                settings.get(UNAVAILABLE),
                settings.get(FormatSettings.KEY_COLUMNS),
                DebeziumOptions.micros(clock));
    }
}
