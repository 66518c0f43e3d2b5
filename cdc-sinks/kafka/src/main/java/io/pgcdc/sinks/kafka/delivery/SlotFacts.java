package io.pgcdc.sinks.kafka.delivery;

/**
 * Where a slot and its server stood when the slot was read.
 *
 * @param confirmedFlushLsn what its user has confirmed
 * @param walEndLsn how far the server had flushed its WAL
 */
public record SlotFacts(String name, long confirmedFlushLsn, long walEndLsn) {}
