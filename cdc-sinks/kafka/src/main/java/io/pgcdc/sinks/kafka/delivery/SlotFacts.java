package io.pgcdc.sinks.kafka.delivery;

/**
 * The slot and its server when the slot was read.
 *
 * @param confirmedFlushLsn the LSN that its user has confirmed
 * @param walEndLsn end of the WAL that the server had flushed
 */
public record SlotFacts(String name, long confirmedFlushLsn, long walEndLsn) {}
