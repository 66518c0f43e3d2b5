package io.pgcdc.sinks.avro;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.PositionText;
import io.pgcdc.model.Change;
import java.nio.charset.StandardCharsets;

/** Writes the fields that table changes and logical messages share. */
final class Head {

    private Head() {}

    /** Appends the position in the form of {@link io.pgcdc.model.Position#toString}. Allocates nothing. */
    static void appendPosition(Change change, JsonBuffer scratch, JsonBuffer out) {
        scratch.clear();
        PositionText.append(change, scratch);
        Binary.appendBytes(scratch, out);
    }

    /** Appends the xid, or null for a message outside a transaction. */
    static void appendXid(Change change, JsonBuffer out) {
        if (change.xid() == 0) {
            out.appendByte(Binary.NULL);
        } else {
            out.appendByte(Binary.NOT_NULL);
            Binary.appendLong(Integer.toUnsignedLong(change.xid()), out);
        }
    }

    static void appendLsn(Change change, JsonBuffer scratch, JsonBuffer out) {
        scratch.clear();
        Binary.appendBytes(scratch.appendLsn(change.lsn()), out);
    }

    static void appendOrigin(Change change, JsonBuffer out) {
        String origin = change.origin();
        if (origin == null) {
            out.appendByte(Binary.NULL);
        } else {
            out.appendByte(Binary.NOT_NULL);
            Binary.appendBytes(origin.getBytes(StandardCharsets.UTF_8), out);
        }
    }
}
