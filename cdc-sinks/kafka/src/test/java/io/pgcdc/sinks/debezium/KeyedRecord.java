package io.pgcdc.sinks.debezium;

import org.jspecify.annotations.Nullable;

/** What a topic gets: JSON, or no key. */
public record KeyedRecord(
        String topic, @Nullable String key, @Nullable String value) {}
