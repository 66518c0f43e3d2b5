package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Drops the records.
 *
 * @param <V> the form of keys and values
 */
final class NoRecords<V> implements Collector<V> {

    @Override
    public Headers add(Change change, Topic topic, @Nullable V key, @Nullable V value, String source) {
        return new RecordHeaders();
    }

    @Override
    public void add(long commitTimeMicros, Topic topic, V key, V value, String source) {}
}
