package io.pgcdc.queue;

import io.pgcdc.model.Position;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A sink's durable progress.
 *
 * @param nextIndex where its reader continues: index of the next segment to deliver, or {@code index + 1} of the last delivered
 * @param position of the last change that is durable in the sink, or that the replay has delivered; always the last of a transaction
 * @param endLsn LSN after that transaction's commit record; {@link io.pgcdc.model.Lsn#INVALID} during a replay
 * @param replay null: the sink gets new changes
 */
public record SinkCheckpoint(
        long nextIndex,
        Position position,
        long endLsn,
        @Nullable ReplayState replay) {

    /** Makes the checkpoint of a sink that gets new changes. */
    public SinkCheckpoint(long nextIndex, Position position, long endLsn) {
        this(nextIndex, position, endLsn, null);
    }

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

        @Override
        public byte[] extra(SinkCheckpoint value) {
            ReplayState replay = value.replay;
            return replay == null ? CheckpointLayout.super.extra(value) : replay.toBytes();
        }

        @Override
        public SinkCheckpoint with(SinkCheckpoint value, byte[] extra) {
            return new SinkCheckpoint(value.nextIndex, value.position, value.endLsn, ReplayState.parse(extra));
        }
    };

    /** Returns the place up to which the sink has all changes. A replay does not move it. */
    public SinkCheckpoint home() {
        return replay == null ? this : replay.home();
    }
}
