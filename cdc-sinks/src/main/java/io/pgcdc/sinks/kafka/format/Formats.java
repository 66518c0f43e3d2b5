package io.pgcdc.sinks.kafka.format;

import io.pgcdc.config.Setting;
import io.pgcdc.config.SettingValues;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.util.List;
import java.util.function.BiConsumer;

/** Makes the format that the settings choose. */
public final class Formats {

    private Formats() {}

    /** @param sink for messages */
    public static RecordFormat create(String sink, SettingValues settings, Topics topics) {
        return switch (settings.get(FormatSettings.FORMAT)) {
            case NATIVE -> new NativeRecords(sink, settings, topics);
            case OUTBOX -> new OutboxRecords(sink, settings, topics);
        };
    }

    /** The settings with what the chosen preset says where nothing is given. */
    public static SettingValues withPreset(SettingValues given) {
        return given.get(FormatSettings.PRESET).under(given);
    }

    /** Looks for settings that do not go together. */
    public static void check(SettingValues given, BiConsumer<Setting<?>, String> problems) {
        SettingValues settings = withPreset(given);
        boolean events = settings.get(FormatSettings.FORMAT) == FormatChoice.OUTBOX;
        boolean prefixUsed = events
                ? settings.get(FormatSettings.EVENT_TOPIC).uses("prefix")
                : settings.get(FormatSettings.TOPIC).uses("prefix")
                        || settings.get(FormatSettings.TOPIC_RULES).stream()
                                .anyMatch(r -> r.topic().uses("prefix"));
        if (prefixUsed && settings.find(FormatSettings.PREFIX) == null) {
            problems.accept(FormatSettings.PREFIX, "is missing, and names of topics have ${prefix}; write it");
        }
        if (events
                && settings.get(FormatSettings.EVENT_TOPIC).uses("aggregate_type")
                && settings.find(OutboxSettings.AGGREGATE_TYPE) == null) {
            problems.accept(
                    OutboxSettings.AGGREGATE_TYPE, "is missing, and event_topic has ${aggregate_type}; write it");
        }
        List<Setting<?>> others = events
                ? List.of(FormatSettings.TOPIC, FormatSettings.TOPIC_RULES, FormatSettings.KEY_COLUMNS)
                : List.of(FormatSettings.EVENT_TOPIC);
        for (Setting<?> other : others) {
            if (given.isGiven(other)) {
                problems.accept(
                        other, "does nothing under this format" + (events ? "; write event_topic" : "; write topic"));
            }
        }
    }
}
