package io.pgcdc.queue;

import java.nio.ByteBuffer;

/**
 * Capture's durable progress.
 *
 * @param index of the segment with which the last complete transaction ends; {@link SegmentStore#NONE} before the first
 * @param epoch of that transaction
 * @param commitLsn of that transaction
 * @param endLsn LSN after its commit record
 * @param acknowledgedLsn the last flush LSN for the server: written here before it is sent
 */
public record CaptureCheckpoint(long index, int epoch, long commitLsn, long endLsn, long acknowledgedLsn) {

    public static final CheckpointLayout<CaptureCheckpoint> LAYOUT = new CheckpointLayout<>() {
        @Override
        public int length() {
            return 36;
        }

        @Override
        public void put(CaptureCheckpoint value, ByteBuffer to) {
            to.putLong(value.index)
                    .putInt(value.epoch)
                    .putLong(value.commitLsn)
                    .putLong(value.endLsn)
                    .putLong(value.acknowledgedLsn);
        }

        @Override
        public CaptureCheckpoint get(ByteBuffer from) {
            return new CaptureCheckpoint(from.getLong(), from.getInt(), from.getLong(), from.getLong(), from.getLong());
        }
    };
}
