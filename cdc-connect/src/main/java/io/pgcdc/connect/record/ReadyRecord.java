package io.pgcdc.connect.record;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record for Kafka Connect, without its place in the source.
 *
 * @param partition 0 for a record without a key, so that the order of those of one topic is kept; null if the key chooses it
 * @param keySchema null if there is no key
 * @param valueSchema null for a tombstone
 * @param value null for a tombstone
 * @param timestampMs the time of the commit, in milliseconds since 1970-01-01 UTC
 */
public record ReadyRecord(
        String topic,
        @Nullable Integer partition,
        @Nullable Schema keySchema,
        @Nullable Object key,
        @Nullable Schema valueSchema,
        @Nullable Object value,
        long timestampMs,
        Headers headers) {}
