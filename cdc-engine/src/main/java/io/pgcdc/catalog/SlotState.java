package io.pgcdc.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A row of pg_replication_slots.
 *
 * @param plugin null for a physical slot
 * @param database null for a physical slot
 * @param activePid the process that uses it, or null
 * @param confirmedFlushLsn where it stands
 * @param restartLsn the oldest WAL that it holds
 * @param walStatus reserved, extended, unreserved or lost
 * @param invalidationReason why it was invalidated (17 and later), or null
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
