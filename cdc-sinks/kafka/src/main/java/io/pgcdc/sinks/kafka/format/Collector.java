package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Receives the records of changes, in order. Takes what it needs of a key and a value before it returns: their maker uses them again. For
 * one thread.
 *
 * @param <V> the form of keys and values
 */
public interface Collector<V> {

    /**
     * Adds a record of a change. The record's timestamp is the commit's time.
     *
     * @param key null for none; the record then goes to the topic's partition for records without a key
     * @param value null for a tombstone
     * @param source the table's name or another source, for error messages
     * @return the record's headers; the caller adds to them until it adds the next record
     */
    Headers add(Change change, Topic topic, @Nullable V key, @Nullable V value, String source);

    /** Adds a record that belongs to no single change. Its timestamp is the commit's time. It has no headers. */
    void add(long commitTimeMicros, Topic topic, V key, V value, String source);
}
