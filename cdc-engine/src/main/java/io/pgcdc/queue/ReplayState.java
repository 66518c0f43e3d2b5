package io.pgcdc.queue;

import io.pgcdc.model.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A replay that a sink has not finished: the queue delivers changes to it again. A part of the sink's checkpoint.
 *
 * @param after the replay begins after this position
 * @param until and ends with it
 * @param complete true if the sink has no change after {@code until}
 * @param firstIndex of the segment with which it began
 * @param lastIndex of the segment where its last transaction begins, or that index + 1
 * @param tables the tables whose changes are delivered, as patterns; empty: all
 * @param toEmpty versions of the layouts of the tables that the sink must empty first; empty: none, or it is done
 * @param home where the sink continues afterwards; without a replay
 */
public record ReplayState(
        Position after,
        Position until,
        boolean complete,
        long firstIndex,
        long lastIndex,
        List<String> tables,
        List<Integer> toEmpty,
        SinkCheckpoint home) {

    /** The longest form in bytes. */
    public static final int MOST_BYTES = 3_500;

    public ReplayState {
        tables = List.copyOf(tables);
        toEmpty = List.copyOf(toEmpty);
        if (home.replay() != null) {
            throw new IllegalArgumentException("a replay within a replay");
        }
    }

    /** Returns the state after the tables were emptied. */
    public ReplayState emptied() {
        return new ReplayState(after, until, complete, firstIndex, lastIndex, tables, List.of(), home);
    }

    /** Returns the form in a checkpoint, drawn in docs/reference/queue-format.md. It may be longer than a checkpoint takes. */
    public byte[] toBytes() {
        List<byte[]> texts =
                tables.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        int length = 5 * Long.BYTES + 3 * 20 + 1 + 2 + 2 + 4 * toEmpty.size();
        length += texts.stream().mapToInt(text -> 2 + text.length).sum();
        ByteBuffer to = ByteBuffer.allocate(length);
        put(after, to);
        put(until, to);
        to.put((byte) (complete ? 1 : 0));
        to.putLong(firstIndex).putLong(lastIndex);
        to.putLong(home.nextIndex());
        put(home.position(), to);
        to.putLong(home.endLsn());
        to.putShort((short) texts.size());
        texts.forEach(text -> to.putShort((short) text.length).put(text));
        to.putShort((short) toEmpty.size());
        toEmpty.forEach(to::putInt);
        return Arrays.copyOf(to.array(), to.position());
    }

    /** @throws java.nio.BufferUnderflowException the bytes are not such a form */
    static ReplayState parse(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        Position after = position(from);
        Position until = position(from);
        boolean complete = from.get() != 0;
        long firstIndex = from.getLong();
        long lastIndex = from.getLong();
        SinkCheckpoint home = new SinkCheckpoint(from.getLong(), position(from), from.getLong());
        List<String> tables = new ArrayList<>();
        for (int left = from.getShort(); left > 0; left--) {
            byte[] text = new byte[from.getShort()];
            from.get(text);
            tables.add(new String(text, StandardCharsets.UTF_8));
        }
        List<Integer> toEmpty = new ArrayList<>();
        for (int left = from.getShort(); left > 0; left--) {
            toEmpty.add(from.getInt());
        }
        return new ReplayState(after, until, complete, firstIndex, lastIndex, tables, toEmpty, home);
    }

    private static void put(Position position, ByteBuffer to) {
        to.putInt(position.epoch()).putLong(position.commitLsn()).putLong(position.ordinal());
    }

    private static Position position(ByteBuffer from) {
        return new Position(from.getInt(), from.getLong(), from.getLong());
    }
}
