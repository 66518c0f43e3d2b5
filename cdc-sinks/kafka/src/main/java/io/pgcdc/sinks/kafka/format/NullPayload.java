package io.pgcdc.sinks.kafka.format;

/** The choices of {@code null_payload}: how the sink treats an outbox's event without a payload. */
enum NullPayload {
    /** The sink refuses the change. */
    REFUSE,
    /** The record has no value, so that compaction removes its key. */
    TOMBSTONE
}
