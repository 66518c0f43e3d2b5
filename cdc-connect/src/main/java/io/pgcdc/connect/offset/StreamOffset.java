package io.pgcdc.connect.offset;

import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a source's stream has reached Kafka: the offset that Kafka Connect keeps for the source. As a map: {@code epoch} (a number), {@code
 * position} and {@code acknowledged} (text).
 *
 * @param epoch of the stream
 * @param position of the last change that reached Kafka, or that no record was made of; null: there is none yet
 * @param acknowledged the server may forget all WAL before this LSN
 */
public record StreamOffset(int epoch, @Nullable Position position, long acknowledged) {

    static final String EPOCH = "epoch";
    static final String POSITION = "position";
    static final String ACKNOWLEDGED = "acknowledged";

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(EPOCH, (long) epoch);
        Position at = position;
        if (at != null) {
            map.put(POSITION, at.toString());
        }
        map.put(ACKNOWLEDGED, Lsn.toString(acknowledged));
        return map;
    }

    /**
     * Reads what {@link #toMap} made, or what a person wrote.
     *
     * @throws IllegalArgumentException says which entry is wrong, and what to write
     */
    public static StreamOffset parse(Map<String, ?> map) {
        for (String key : map.keySet()) {
            if (!key.equals(EPOCH) && !key.equals(POSITION) && !key.equals(ACKNOWLEDGED)) {
                throw new IllegalArgumentException(
                        "has an unknown entry \"" + key + "\"; write epoch, position and acknowledged");
            }
        }
        Position position = position(map.get(POSITION));
        int epoch = epoch(map.get(EPOCH), position);
        Object lsn = map.get(ACKNOWLEDGED);
        if (lsn == null) {
            throw new IllegalArgumentException("has no acknowledged; write an LSN, such as \"0/1A2B3C8\"");
        }
        return new StreamOffset(epoch, position, lsn(lsn));
    }

    /** Other tools write an LSN as a number. */
    private static long lsn(Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        try {
            return Lsn.parse((String) value);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has acknowledged " + value + ", which is no LSN; write one such as \"0/1A2B3C8\"", e);
        }
    }

    private static @Nullable Position position(@Nullable Object text) {
        if (text == null) {
            return null;
        }
        try {
            return Position.parse((String) text);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has position " + text + ", which is none; write one such as \"0/1A2B3C8:5\", or leave it out", e);
        }
    }

    private static int epoch(@Nullable Object number, @Nullable Position position) {
        int ofPosition = position == null ? 0 : position.epoch();
        if (number == null) {
            return ofPosition;
        }
        if (!(number instanceof Number n) || n.intValue() < 0 || n.longValue() != n.intValue()) {
            throw new IllegalArgumentException("has epoch " + number + "; write a number from 0");
        }
        if (position != null && ofPosition != n.intValue()) {
            throw new IllegalArgumentException(
                    "has epoch " + number + ", but its position is of epoch " + ofPosition + "; write the same");
        }
        return n.intValue();
    }

    /** Returns the same position with a later LSN for the server. */
    public StreamOffset acknowledging(long lsn) {
        return new StreamOffset(epoch, position, Lsn.max(acknowledged, lsn));
    }

    /** Returns true if the position is inside a transaction whose rest is still to come. */
    public boolean isInTransaction() {
        return position != null && position.ordinal() >= 0 && Lsn.compare(acknowledged, position.commitLsn()) <= 0;
    }
}
