package io.pgcdc.connect.record;

import io.pgcdc.model.Change;
import io.pgcdc.sinks.kafka.format.Collector;
import io.pgcdc.sinks.kafka.format.Records;
import io.pgcdc.sinks.kafka.format.Topic;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes records for Kafka Connect of a format's keys and values. For one thread.
 *
 * @param <V> the form of keys and values
 */
final class ReadyCollector<V> implements Collector<V> {

    private final Function<V, SchemaAndValue> form;
    private final TextHeaders headers = new TextHeaders();
    private Ready out = new Ready();

    /** @param form gives a key or a value as Kafka Connect has it; the result must not depend on what is made next */
    ReadyCollector(Function<V, SchemaAndValue> form) {
        this.form = form;
    }

    /** Sets where the next records go. */
    ReadyCollector<V> into(Ready ready) {
        out = ready;
        return this;
    }

    @Override
    public Headers add(Change change, Topic topic, @Nullable V key, @Nullable V value, String source) {
        return add(
                Records.timestamp(change.commitTimeMicros()),
                topic,
                key == null ? topic.partitionWithoutKey() : null,
                key,
                value);
    }

    @Override
    public void add(long commitTimeMicros, Topic topic, V key, V value, String source) {
        add(Records.timestamp(commitTimeMicros), topic, null, key, value);
    }

    private Headers add(
            long timestampMs, Topic topic, @Nullable Integer partition, @Nullable V key, @Nullable V value) {
        SchemaAndValue ofKey = key == null ? SchemaAndValue.NULL : form.apply(key);
        SchemaAndValue ofValue = value == null ? SchemaAndValue.NULL : form.apply(value);
        ConnectHeaders ofRecord = new ConnectHeaders();
        out.add(new ReadyRecord(
                topic.name(),
                partition,
                ofKey.schema(),
                ofKey.value(),
                ofValue.schema(),
                ofValue.value(),
                timestampMs,
                ofRecord));
        return headers.into(ofRecord);
    }
}
