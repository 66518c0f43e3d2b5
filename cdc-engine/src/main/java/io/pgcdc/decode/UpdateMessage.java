package io.pgcdc.decode;

import org.jspecify.annotations.Nullable;

/**
 * Update. The old tuple comes whole under REPLICA IDENTITY FULL ('O'), as the key alone when the key changed or lies out of line
 * ('K'), and not at all otherwise.
 *
 * <pre>
 *  0        1              5
 *  +--------+--------------+------------------------+-----+-----------+
 *  | 'U'    | relation oid | 'K' | 'O' old tuple    | 'N' | new tuple |
 *  +--------+--------------+------------------------+-----+-----------+
 *                            may be missing
 * </pre>
 */
public final class UpdateMessage {

    private final MessageReader reader;
    private final TupleData oldTuple = new TupleData();
    private final TupleData newTuple = new TupleData();
    private int relationOid;
    private byte oldMarker;

    UpdateMessage(MessageReader reader) {
        this.reader = reader;
    }

    UpdateMessage read() {
        relationOid = reader.readInt();
        oldMarker = 0;
        return this;
    }

    public int relationOid() {
        return relationOid;
    }

    /** Reads both tuples; once a message, before the accessors below. */
    public UpdateMessage readTuples() {
        byte marker = reader.readByte();
        if (marker == 'K' || marker == 'O') {
            oldMarker = marker;
            oldTuple.read(reader);
            marker = reader.readByte();
        }
        if (marker != 'N') {
            throw reader.malformed("tuple marker " + (marker & 0xFF) + " where 'N' must stand");
        }
        newTuple.read(reader);
        reader.requireEnd();
        return this;
    }

    /** Null when the server sent none. */
    public @Nullable TupleData oldTuple() {
        return oldMarker == 0 ? null : oldTuple;
    }

    /** Only the key columns of the old tuple are real; the others arrive as null. */
    public boolean oldTupleIsKeyOnly() {
        return oldMarker == 'K';
    }

    public TupleData newTuple() {
        return newTuple;
    }
}
