package io.pgcdc.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A row of pg_replication_slots.
 *
 * @param plugin null for a physical slot
 * @param database null for a physical slot
 * @param activePid the process that uses it, or null
 * @param confirmedFlushLsn the LSN that its client has confirmed
 * @param restartLsn the oldest WAL that it holds
 * @param walStatus reserved, extended, unreserved or lost
 * @param invalidationReason reason of the invalidation (17 and later), or null
 */
public record SlotState(
        String name,
        @Nullable String plugin,
        @Nullable String database,
        @Nullable Integer activePid,
        long confirmedFlushLsn,
        long restartLsn,
        String walStatus,
        @Nullable String invalidationReason) {}
