package io.pgcdc.json.record;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;

/** Writes a change's position as {@link Position#toString} does. Allocates nothing. */
public final class PositionText {

    private PositionText() {}

    /** Appends the position, without quotation marks. */
    public static void append(Change change, JsonBuffer out) {
        out.appendLsn(change.commitLsn()).appendByte(':');
        appendPlace(change, out);
    }

    /** Appends what follows the LSN and its colon. */
    static void appendPlace(Change change, JsonBuffer out) {
        long ordinal = change.ordinal();
        if (Position.isRead(ordinal)) {
            out.appendByte('r').appendLong(ordinal - Position.FIRST_READ_ORDINAL);
        } else {
            out.appendLong(ordinal);
        }
        if (change.epoch() != 0) {
            out.appendByte('@').appendLong(change.epoch());
        }
    }
}
