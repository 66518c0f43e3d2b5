package io.pgcdc.queue;

import io.pgcdc.model.Position;
import java.nio.ByteBuffer;

/**
 * A sink's durable progress.
 *
 * @param nextIndex where its reader continues: index of the next segment to deliver, or {@code index + 1} of the last delivered
 * @param position of the last change that is durable in the sink; always the last of a transaction
 * @param endLsn LSN after that transaction's commit record
 */
public record SinkCheckpoint(long nextIndex, Position position, long endLsn) {

    public static final CheckpointLayout<SinkCheckpoint> LAYOUT = new CheckpointLayout<>() {
        @Override
        public int length() {
            return 36;
        }

        @Override
        public void put(SinkCheckpoint value, ByteBuffer to) {
            to.putLong(value.nextIndex)
                    .putInt(value.position.epoch())
                    .putLong(value.position.commitLsn())
                    .putLong(value.position.ordinal())
                    .putLong(value.endLsn);
        }

        @Override
        public SinkCheckpoint get(ByteBuffer from) {
            long nextIndex = from.getLong();
            Position position = new Position(from.getInt(), from.getLong(), from.getLong());
            return new SinkCheckpoint(nextIndex, position, from.getLong());
        }
    };
}
