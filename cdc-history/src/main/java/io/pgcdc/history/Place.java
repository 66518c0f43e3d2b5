package io.pgcdc.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A position as up to three numbers, the first of which counts most. */
record Place(long first, long second, long third) implements Comparable<Place> {

    private static final Pattern OURS = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}:.*");
    private static final Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}|null");
    private static final int MOST = 3;

    /**
     * Reads {@code 0/1A2B3C8:5}, {@code 0/1A2B3C8}, a number, or a list of up to three numbers, which may be a text.
     *
     * @throws IllegalArgumentException with what it may be
     */
    static Place of(JsonNode value) {
        String text = value.isValueNode() ? value.asText() : value.toString();
        try {
            if (OURS.matcher(text).matches()) {
                Position position = Position.parse(text);
                return new Place(position.epoch(), position.commitLsn() ^ Long.MIN_VALUE, position.ordinal());
            }
            if (LSN.matcher(text).matches()) {
                return new Place(Lsn.parse(text) ^ Long.MIN_VALUE, 0, 0);
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(text, e);
        }
        long[] parts = new long[MOST];
        int count = 0;
        for (Matcher number = NUMBER.matcher(text); number.find(); count++) {
            if (count == MOST) {
                throw unreadable(text, null);
            }
            parts[count] = number.group().equals("null") ? 0 : Long.parseLong(number.group());
        }
        if (count == 0 || !NUMBER.matcher(text).replaceAll("").matches("[\\[\\]\",\\s]*")) {
            throw unreadable(text, null);
        }
        return new Place(parts[0], parts[1], parts[2]);
    }

    private static IllegalArgumentException unreadable(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "\"" + text
                        + "\" is no position: it may be 0/1A2B3C8:5, an LSN, a number, or a list of up to three numbers",
                cause);
    }

    @Override
    public int compareTo(Place other) {
        int order = Long.compare(first, other.first);
        order = order == 0 ? Long.compare(second, other.second) : order;
        return order == 0 ? Long.compare(third, other.third) : order;
    }
}
