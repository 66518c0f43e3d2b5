package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Creates the format that the settings choose. */
public final class Formats {

    private Formats() {}

    /**
     * Creates the format.
     *
     * @param sink the sink's name, for error messages
     * @param clock gives the time of writing, for formats that write it
     * @param settings the result of {@link #complete}
     */
    public static RecordFormat<JsonBuffer> create(
            String sink, InstantSource clock, SettingValues settings, Topics topics, SourceId source) {
        return switch (settings.get(FormatSettings.FORMAT)) {
            case NATIVE -> ofChanges(sink, settings, topics, new EncodedContents(new NativeEncoding()));
            case DEBEZIUM ->
                ofChanges(
                        sink,
                        settings,
                        topics,
                        new EncodedContents(new DebeziumEncoding(sink, debeziumOptions(settings, source, clock))));
            case CLOUDEVENTS ->
                ofChanges(
                        sink,
                        settings,
                        topics,
                        new EncodedContents(new CloudEventEncoding(
                                settings.get(CloudEventSettings.MODE),
                                CloudEventSettings.source(settings, source),
                                settings.get(CloudEventSettings.TYPE))));
            case AVRO -> ofChanges(sink, settings, topics, new EncodedContents(avro(sink, settings)));
            case OUTBOX -> {
                JsonBuffer key = new JsonBuffer();
                JsonBuffer value = new JsonBuffer();
                yield ofEvents(sink, settings, topics, text -> set(key, text), text -> set(value, text));
            }
        };
    }

    private static JsonBuffer set(JsonBuffer buffer, byte[] text) {
        buffer.clear();
        return buffer.append(text);
    }

    /**
     * Creates the format of all changes, with the caller's keys and values.
     *
     * @param settings the result of {@link #complete}
     */
    public static <V> RecordFormat<V> ofChanges(
            String sink, SettingValues settings, Topics topics, Contents<V> contents) {
        return new ChangeRecords<>(sink, settings, topics, contents);
    }

    /**
     * Creates the format of an outbox's events, with the caller's keys and values.
     *
     * @param settings the result of {@link #complete}
     * @param keys makes a key of its UTF-8 text
     * @param values makes a value of its UTF-8 text
     */
    public static <V> RecordFormat<V> ofEvents(
            String sink, SettingValues settings, Topics topics, Function<byte[], V> keys, Function<byte[], V> values) {
        return new OutboxRecords<>(sink, settings, topics, keys, values);
    }

    /** Returns the options of {@code format: debezium}. */
    public static DebeziumOptions debeziumOptions(SettingValues settings, SourceId source, InstantSource clock) {
        return DebeziumSettings.options(settings, source.database(), clock);
    }

    /** Returns the options of {@code format: avro}. */
    public static AvroOptions avroOptions(SettingValues settings) {
        return AvroSettings.options(settings);
    }

    private static Encoding avro(String sink, SettingValues settings) {
        return new AvroEncoding(
                sink,
                settings.find(FormatSettings.MESSAGE_TOPIC),
                settings.find(FormatSettings.TRANSACTION_TOPIC),
                AvroSettings.options(settings),
                settings.get(AvroSettings.NAMING),
                AvroSettings.registry(sink, settings));
    }

    /** Returns true if the records' keys are of rows, and a tombstone deletes one. */
    public static boolean haveKeys(SettingValues settings) {
        return settings.get(FormatSettings.FORMAT) != FormatChoice.OUTBOX;
    }

    /** Returns the settings, with the defaults of the format and the preset. */
    public static SettingValues complete(SettingValues given) {
        SettingValues ofFormat = switch (given.get(FormatSettings.FORMAT)) {
            case DEBEZIUM -> DebeziumSettings.defaults(given.find(FormatSettings.PREFIX));
            case CLOUDEVENTS -> CloudEventSettings.defaults();
            case NATIVE, AVRO, OUTBOX -> new SettingValues(Map.of());
        };
        return given.get(FormatSettings.PRESET).under(ofFormat.and(given));
    }

    /** Adds a problem for each conflict between settings. */
    public static void check(SettingValues given, BiConsumer<Setting<?>, String> problems) {
        SettingValues settings = complete(given);
        FormatChoice format = settings.get(FormatSettings.FORMAT);
        boolean events = format == FormatChoice.OUTBOX;
        boolean prefixUsed = events
                ? settings.get(FormatSettings.EVENT_TOPIC).uses("prefix")
                : settings.get(FormatSettings.TOPIC).uses("prefix")
                        || settings.get(FormatSettings.TOPIC_RULES).stream()
                                .anyMatch(r -> r.topic().uses("prefix"))
                        || format == FormatChoice.DEBEZIUM;
        if (prefixUsed && settings.find(FormatSettings.PREFIX) == null) {
            problems.accept(
                    FormatSettings.PREFIX,
                    "is missing, but "
                            + (format == FormatChoice.DEBEZIUM
                                    ? "each record contains it"
                                    : "names of topics contain ${prefix}")
                            + "; write it");
        }
        if (events
                && settings.get(FormatSettings.EVENT_TOPIC).uses("aggregate_type")
                && settings.find(OutboxSettings.AGGREGATE_TYPE) == null) {
            problems.accept(
                    OutboxSettings.AGGREGATE_TYPE, "is missing, but event_topic contains ${aggregate_type}; write it");
        }
        for (Setting<?> other : others(format)) {
            if (given.isGiven(other)) {
                problems.accept(
                        other, "has no effect with format: " + format.name().toLowerCase(Locale.ROOT) + "; remove it");
            }
        }
        if (format == FormatChoice.AVRO) {
            AvroSettings.check(settings, problems);
        }
        boolean structuredKeys = format == FormatChoice.DEBEZIUM || format == FormatChoice.AVRO;
        if (structuredKeys && settings.get(FormatSettings.NULL_KEY) == NullKey.TABLE) {
            problems.accept(
                    FormatSettings.NULL_KEY,
                    "has a value that is no key in format: " + format.name().toLowerCase(Locale.ROOT)
                            + "; write keep or refuse");
        }
    }

    /** Returns the settings that do not apply to a format. */
    private static List<Setting<?>> others(FormatChoice format) {
        List<Setting<?>> others = new ArrayList<>();
        if (format == FormatChoice.OUTBOX) {
            others.addAll(FormatSettings.OF_CHANGES);
        } else {
            others.add(FormatSettings.EVENT_TOPIC);
            others.add(FormatSettings.NULL_PAYLOAD);
        }
        if (format != FormatChoice.DEBEZIUM) {
            others.addAll(DebeziumSettings.ALL);
        }
        if (format != FormatChoice.CLOUDEVENTS) {
            others.addAll(CloudEventSettings.ALL);
        }
        if (format != FormatChoice.AVRO) {
            others.addAll(AvroSettings.ALL);
        }
        return others;
    }
}
