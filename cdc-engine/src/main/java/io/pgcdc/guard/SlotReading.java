package io.pgcdc.guard;

import io.pgcdc.model.Lsn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the server said of the slot at one moment. LSNs are unsigned; {@link Lsn#INVALID}: the server has none.
 *
 * @param nanos of the run's clock, for rates
 * @param when by this machine's clock
 * @param active true if a walsender uses the slot
 * @param restartLsn the oldest WAL that the slot holds
 * @param confirmedLsn what was acknowledged, as far as the server knows
 * @param walStatus reserved, extended, unreserved or lost
 * @param walEndLsn end of the server's WAL
 * @param safeWalSize bytes that may still be written before the slot may be lost, not positive if it may be already; null: no limit, or lost
 * @param maxSlotWalKeepSize in bytes; null: no limit
 * @param idleTimeoutMs idle_replication_slot_timeout; null: the server has none (before 18, or 0)
 * @param freeDiskBytes free space for WAL; null: not known
 * @param oldest the oldest open or prepared transaction of the server that has written; null: none
 */
public record SlotReading(
        long nanos,
        Instant when,
        boolean active,
        long restartLsn,
        long confirmedLsn,
        String walStatus,
        long walEndLsn,
        @Nullable Long safeWalSize,
        @Nullable Long maxSlotWalKeepSize,
        @Nullable Long idleTimeoutMs,
        @Nullable Long freeDiskBytes,
        @Nullable OpenTransaction oldest) {

    private static final String LOST = "lost";

    /** Returns the bytes of WAL from {@code restartLsn} to the end. */
    public long retainedBytes() {
        return restartLsn == Lsn.INVALID ? 0 : Math.max(0, walEndLsn - restartLsn);
    }

    /** Returns the bytes of WAL that the slot can still hold: until the limit, or until the disk is full. Null: not known. */
    @Nullable
    Long leftBytes() {
        if (safeWalSize == null || freeDiskBytes == null) {
            return safeWalSize == null ? freeDiskBytes : safeWalSize;
        }
        return Math.min(safeWalSize, freeDiskBytes);
    }

    /** Returns true if the disk is full before the limit is reached. */
    public boolean diskEndsFirst() {
        return freeDiskBytes != null && (safeWalSize == null || freeDiskBytes < safeWalSize);
    }

    /** Returns the share of the WAL the slot may hold that is left, in percent; null: not known. */
    @Nullable
    Double leftPercent() {
        Long left = leftBytes();
        if (left == null) {
            return null;
        }
        long least = Math.max(0, left);
        return 100.0 * least / Math.max(1, least + retainedBytes());
    }

    /** Returns true if the server has removed WAL that the slot needs. */
    public boolean isLost() {
        return walStatus.equals(LOST);
    }

    SlotReading with(OpenTransaction transaction) {
        return new SlotReading(
                nanos,
                when,
                active,
                restartLsn,
                confirmedLsn,
                walStatus,
                walEndLsn,
                safeWalSize,
                maxSlotWalKeepSize,
                idleTimeoutMs,
                freeDiskBytes,
                transaction);
    }

    /**
     * Returns a guess of this reading once the WAL has grown, for when the server does not answer.
     *
     * @param lsn an LSN that the server has reached
     */
    SlotReading grownTo(long lsn) {
        if (Lsn.compare(lsn, walEndLsn) <= 0) {
            return this;
        }
        Long safe = safeWalSize == null ? null : Long.valueOf(safeWalSize - (lsn - walEndLsn));
        Long free = freeDiskBytes == null ? null : Long.valueOf(freeDiskBytes - (lsn - walEndLsn));
        return new SlotReading(
                nanos,
                when,
                active,
                restartLsn,
                confirmedLsn,
                walStatus,
                lsn,
                safe,
                maxSlotWalKeepSize,
                idleTimeoutMs,
                free,
                oldest);
    }
}
