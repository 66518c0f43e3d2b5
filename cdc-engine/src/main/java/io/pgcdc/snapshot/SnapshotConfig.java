package io.pgcdc.snapshot;

import io.pgcdc.setting.SettingValues;

/**
 * The configuration of snapshots.
 *
 * @param parallel connections that read at once
 * @param chunkBytes size of the part of a file that one query reads
 * @param maxRowsPerSecond 0: no limit
 */
public record SnapshotConfig(SnapshotMode mode, int parallel, long chunkBytes, long maxRowsPerSecond) {

    /** No snapshot; every other setting has its default. */
    public static final SnapshotConfig NEVER = new SnapshotConfig(
            SnapshotMode.NEVER,
            SnapshotSettings.PARALLEL.defaultValue().intValue(),
            SnapshotSettings.CHUNK_BYTES.defaultValue(),
            0);

    private static final long BLOCK_BYTES = 8_192;
    private static final int LARGEST_FACTOR = 8;

    public static SnapshotConfig of(SettingValues values) {
        return new SnapshotConfig(
                values.get(SnapshotSettings.MODE),
                values.get(SnapshotSettings.PARALLEL).intValue(),
                values.get(SnapshotSettings.CHUNK_BYTES),
                values.get(SnapshotSettings.MAX_ROWS_PER_SECOND));
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
