package io.pgcdc.snapshot;

import io.pgcdc.setting.SettingValues;

/**
 * The configuration of snapshots.
 *
 * @param parallel connections that read at once
 * @param chunkBytes size of the part of a file that one query reads
 * @param maxRowsPerSecond 0: no limit
 * @param maxDurationMs of the reading before the stream; 0: no limit
 * @param minSafeWalBytes what the server may still write at least while rows are read before the stream
 * @param askedNow true if a person asks for the mode at this start
 */
public record SnapshotConfig(
        SnapshotMode mode,
        int parallel,
        long chunkBytes,
        long maxRowsPerSecond,
        long maxDurationMs,
        long minSafeWalBytes,
        boolean askedNow) {

    /** No snapshot; every other setting has its default. */
    public static final SnapshotConfig NEVER = of(SettingValues.NONE, false);

    private static final long BLOCK_BYTES = 8_192;
    private static final int LARGEST_FACTOR = 8;

    /** @param askedNow true if the mode is from the command line */
    public static SnapshotConfig of(SettingValues values, boolean askedNow) {
        return new SnapshotConfig(
                values.get(SnapshotSettings.MODE),
                values.get(SnapshotSettings.PARALLEL).intValue(),
                values.get(SnapshotSettings.CHUNK_BYTES),
                values.get(SnapshotSettings.MAX_ROWS_PER_SECOND),
                values.get(SnapshotSettings.MAX_DURATION_MS),
                values.get(SnapshotSettings.MIN_SAFE_WAL_BYTES),
                askedNow);
    }

    /** Returns this configuration, asked for at this start. */
    public SnapshotConfig askedAtStart() {
        return new SnapshotConfig(mode, parallel, chunkBytes, maxRowsPerSecond, maxDurationMs, minSafeWalBytes, true);
    }

    /** Returns the blocks of a file that one query reads. */
    long chunkBlocks() {
        return Math.max(1, chunkBytes / BLOCK_BYTES);
    }

    /** Returns the bytes of rows at which a chunk is divided. */
    int largestChunk() {
        return (int) Math.min(Integer.MAX_VALUE / 2, LARGEST_FACTOR * chunkBytes);
    }
}
