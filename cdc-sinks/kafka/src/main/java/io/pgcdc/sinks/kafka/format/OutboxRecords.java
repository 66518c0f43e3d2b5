package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.outbox.Outbox;
import io.pgcdc.sinks.outbox.OutboxEvent;
import io.pgcdc.sinks.outbox.OutboxSettings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Makes records of an outbox's events. The topic depends on the aggregate's or the event's type. The key is the aggregate's id, the
 * value is the payload; an event without one may be a tombstone. For one thread.
 *
 * @param <V> the form of keys and values
 */
final class OutboxRecords<V> implements RecordFormat<V> {

    /** Limit of the cache of topics. The types come from rows, so there may be many. */
    private static final int MOST_TOPICS = 10_000;

    private final String sink;
    private final Outbox outbox;
    private final KnownTables tables;
    private final TopicTemplate template;
    private final String prefix;
    private final Map<String, Topic> known = new HashMap<>();
    private final Function<byte[], V> keys;
    private final Function<byte[], V> values;

    /**
     * Creates the format.
     *
     * @param keys makes a key of its UTF-8 text
     * @param values makes a value of its UTF-8 text
     */
    OutboxRecords(
            String sink, SettingValues settings, Topics topics, Function<byte[], V> keys, Function<byte[], V> values) {
        this.keys = keys;
        this.values = values;
        this.sink = sink;
        tables = new KnownTables(sink, settings, topics);
        template = settings.get(FormatSettings.EVENT_TOPIC);
        Set<Setting<String>> unread = new HashSet<>();
        if (!template.uses("event_type")) {
            unread.add(OutboxSettings.TYPE);
        }
        if (!template.uses("aggregate_type")) {
            unread.add(OutboxSettings.AGGREGATE_TYPE);
        }
        outbox = new Outbox(sink, settings, unread, settings.get(FormatSettings.NULL_PAYLOAD) == NullPayload.TOMBSTONE);
        String given = settings.find(FormatSettings.PREFIX);
        prefix = given == null ? "" : given;
    }

    @Override
    public void append(Change change, Collector<V> out) {
        OutboxEvent event = outbox.event(change);
        if (event == null) {
            return;
        }
        byte[] payload = event.payload();
        V value = payload == null ? null : values.apply(payload);
        V key = keys.apply(event.aggregateId());
        String source = event.fromTable() ? outbox.table().toString() : "a logical message";
        out.add(change, topic(change, event), key, value, source).add(new RecordHeader("id", event.id()));
    }

    private Topic topic(Change change, OutboxEvent event) {
        String name = template.fill(Map.of(
                "prefix", prefix, "aggregate_type", text(event.aggregateType()), "event_type", text(event.type())));
        Topic topic = known.get(name);
        if (topic == null) {
            if (!TopicTemplate.LEGAL.matcher(name).matches()) {
                throw new RefusedChangeException(
                        change.position(),
                        "sink \"" + sink + "\": the event at " + change.position()
                                + " would go to a topic whose name is not " + TopicTemplate.LEGAL_WORDS
                                + ". Correct the program that writes its type, or write another event_topic.",
                        null);
            }
            topic = tables.topic(name, name);
            if (known.size() < MOST_TOPICS) {
                known.put(name, topic);
            }
        }
        return topic;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
