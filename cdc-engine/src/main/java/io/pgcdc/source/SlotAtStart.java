package io.pgcdc.source;

/**
 * The slot and the server at the start of a run, read over one connection.
 *
 * @param confirmedFlushLsn the slot's confirmed LSN
 * @param walEndLsn end of the WAL that the server had flushed
 */
public record SlotAtStart(long confirmedFlushLsn, long walEndLsn) {}
