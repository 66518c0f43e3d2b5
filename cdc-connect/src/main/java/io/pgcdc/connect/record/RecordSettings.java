package io.pgcdc.connect.record;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sinks.kafka.format.FormatChoice;
import io.pgcdc.sinks.kafka.format.FormatSettings;
import io.pgcdc.sinks.kafka.format.Formats;
import io.pgcdc.sinks.kafka.format.NullKey;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Settings of records: those of the Kafka sink, and {@link #VALUES}. */
public final class RecordSettings {

    public static final Setting<ValueChoice> VALUES = Setting.of(
            "values",
            SettingType.choice(ValueChoice.class),
            ValueChoice.STRUCT,
            "`struct`: keys and values are Structs with schemas, for any converter that takes them; an outbox's events are"
                    + " text, for StringConverter."
                    + " `bytes`: keys and values are the bytes that a Kafka sink writes, for ByteArrayConverter; this costs least.");

    public static final List<Setting<?>> ALL = all();

    private RecordSettings() {}

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(List.of(VALUES));
        all.addAll(FormatSettings.ALL);
        all.addAll(OutboxSettings.ROUTED);
        return List.copyOf(all);
    }

    /** Returns the settings, with the defaults of the format and the preset. */
    public static SettingValues complete(SettingValues given) {
        SettingValues complete = Formats.complete(given);
        return isAvro(given) && !given.isGiven(FormatSettings.KEY_CHANGE_HEADERS)
                ? complete.with(FormatSettings.KEY_CHANGE_HEADERS, false)
                : complete;
    }

    /** Adds a problem for each conflict between settings. */
    public static void check(SettingValues given, BiConsumer<Setting<?>, String> problems) {
        FormatChoice format = given.get(FormatSettings.FORMAT);
        boolean structs = given.get(VALUES) == ValueChoice.STRUCT;
        boolean typed = structs && format == FormatChoice.NATIVE;
        Formats.check(given, (setting, problem) -> {
            if (!typed || !setting.equals(FormatSettings.TEXT_COLUMNS)) { // the columns of native Structs are Avro's
                problems.accept(setting, problem);
            }
        });
        if (structs && (format == FormatChoice.AVRO || format == FormatChoice.CLOUDEVENTS)) {
            problems.accept(
                    VALUES,
                    "is struct, but format: " + name(format) + " has only bytes; write values: bytes"
                            + (format == FormatChoice.AVRO ? ", or format: native and a converter for Avro" : ""));
        }
        if (structs && given.isGiven(FormatSettings.SCHEMAS)) {
            problems.accept(
                    FormatSettings.SCHEMAS,
                    "has no effect with values: struct; remove it, and set key.converter.schemas.enable and"
                            + " value.converter.schemas.enable of the converter");
        }
        if (typed && given.get(FormatSettings.NULL_KEY) == NullKey.TABLE) {
            problems.accept(
                    FormatSettings.NULL_KEY, "has a value that is no key with values: struct; write keep or refuse");
        }
        if (isAvro(given)
                && given.isGiven(FormatSettings.KEY_CHANGE_HEADERS)
                && given.get(FormatSettings.KEY_CHANGE_HEADERS)) {
            problems.accept(
                    FormatSettings.KEY_CHANGE_HEADERS,
                    "is true, but Kafka Connect's headers are text, and keys in Avro are not; write key_change_headers: false");
        }
    }

    private static boolean isAvro(SettingValues given) {
        return given.get(FormatSettings.FORMAT) == FormatChoice.AVRO;
    }

    private static String name(FormatChoice format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
