package io.pgcdc.pipeline;

import io.pgcdc.guard.SlotForecast;
import io.pgcdc.guard.SlotLook;
import io.pgcdc.guard.SlotReading;
import io.pgcdc.guard.WalHolder;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.ConfirmPolicy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The WAL that the slot holds on the primary, as of the last look. Immutable. Until the server has answered for the first time all numbers are
 * 0 or null, and {@code readAt} is null. If later looks fail, the numbers are those of the last one that did not.
 *
 * @param active true if a walsender uses the slot
 * @param restartLsn the oldest WAL that the slot holds; {@link Lsn#INVALID}: none, because it is lost
 * @param confirmedLsn what was acknowledged, as far as the server knows
 * @param walStatus wal_status of pg_replication_slots: reserved, extended, unreserved or lost; empty: not known yet
 * @param walEndLsn end of the server's WAL
 * @param retainedBytes bytes from {@code restartLsn} to the end of the WAL
 * @param unreadBytes WAL that pgcdc had not received at the last look
 * @param hadAllAt when pgcdc last had received all that the server had written; null: not during the last looks
 * @param safeWalSize bytes that may still be written before the slot may be lost; null: no limit
 * @param maxSlotWalKeepSize in bytes; null: no limit
 * @param idleTimeoutMs idle_replication_slot_timeout, after which the server drops an unused slot's WAL; null: it does not
 * @param freeDiskBytes free space on the primary's disk; null: not known. Known only on the primary's machine, to a process that may read its
 *     data directory
 * @param growthBytesPerSecond growth of {@code retainedBytes}; negative: it shrinks; null: not known yet
 * @param secondsToLoss until the slot is lost at this rate, or the primary's disk is full; null: no loss is in sight
 * @param holder who holds the WAL
 * @param confirm the confirm policy in force: SINKS or QUEUE, also with {@code confirm: auto}
 * @param readAt when the server last answered
 * @param error why the last look failed; null: it did not
 */
public record SlotStatus(
        boolean active,
        long restartLsn,
        long confirmedLsn,
        String walStatus,
        long walEndLsn,
        long retainedBytes,
        long unreadBytes,
        @Nullable Instant hadAllAt,
        @Nullable Long safeWalSize,
        @Nullable Long maxSlotWalKeepSize,
        @Nullable Long idleTimeoutMs,
        @Nullable Long freeDiskBytes,
        @Nullable Long growthBytesPerSecond,
        @Nullable Long secondsToLoss,
        @Nullable WalHolder holder,
        ConfirmPolicy confirm,
        @Nullable Instant readAt,
        @Nullable String error) {

    private static final double MILLI = 1e3;

    /** Less than this is no lag while pgcdc reads: the server tells only now and then that there is nothing to read. */
    private static final long LITTLE_BYTES = 1 << 20;

    /**
     * Returns for how long pgcdc has not had all that the server had written, in seconds; null: longer than the looks tell.
     *
     * @param reads true if the stream is connected and not paused
     */
    public @Nullable Double lagSeconds(boolean reads, Instant now) {
        if (unreadBytes < (reads ? LITTLE_BYTES : 1)) {
            return 0.0;
        }
        return hadAllAt == null
                ? null
                : Double.valueOf(Math.max(0, Duration.between(hadAllAt, now).toMillis()) / MILLI);
    }

    /** Returns true if the slot is lost within a day at this rate. */
    public boolean isSoonLost() {
        return secondsToLoss != null && secondsToLoss < SlotForecast.SOON_S;
    }

    /** Returns what a look says. */
    public static SlotStatus of(SlotLook look) {
        SlotReading reading = look.reading();
        SlotForecast forecast = look.forecast();
        return reading == null
                ? new SlotStatus(
                        false,
                        Lsn.INVALID,
                        Lsn.INVALID,
                        "",
                        Lsn.INVALID,
                        0,
                        0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        look.policy(),
                        null,
                        look.error())
                : new SlotStatus(
                        reading.active(),
                        reading.restartLsn(),
                        reading.confirmedLsn(),
                        reading.walStatus(),
                        reading.walEndLsn(),
                        reading.retainedBytes(),
                        look.unreadBytes(),
                        look.hadAllAt(),
                        reading.safeWalSize(),
                        reading.maxSlotWalKeepSize(),
                        reading.idleTimeoutMs(),
                        reading.freeDiskBytes(),
                        forecast.growthBytesPerSecond(),
                        forecast.secondsToLoss(),
                        look.holder(),
                        look.policy(),
                        reading.when(),
                        look.error());
    }
}
