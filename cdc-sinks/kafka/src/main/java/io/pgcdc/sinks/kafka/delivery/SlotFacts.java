package io.pgcdc.sinks.kafka.delivery;

/**
 * The state of the slot and its server at the time when the slot was read.
 *
 * @param name the slot's name
 * @param confirmedFlushLsn the slot's confirmed_flush_lsn: the LSN up to which its client has confirmed changes
 * @param walEndLsn end of the WAL that the server has flushed
 */
public record SlotFacts(String name, long confirmedFlushLsn, long walEndLsn) {}
