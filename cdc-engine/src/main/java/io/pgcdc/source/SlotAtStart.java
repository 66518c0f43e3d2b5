package io.pgcdc.source;

/**
 * Where a run found its slot and the server, by one and the same connection.
 *
 * @param confirmedFlushLsn where the slot stood
 * @param walEndLsn how far the server had flushed its WAL
 */
public record SlotAtStart(long confirmedFlushLsn, long walEndLsn) {}
