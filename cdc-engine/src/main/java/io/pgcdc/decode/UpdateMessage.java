package io.pgcdc.decode;

import org.jspecify.annotations.Nullable;

/**
 * Update. Under REPLICA IDENTITY FULL the old tuple is whole ('O'). Otherwise, if the key changed or is stored out of line, it has
 * the key alone ('K'). Else there is none.
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

    /** Reads both tuples. Call it once per message, before the accessors below. */
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

    /** Returns the old tuple, or null if the server sent none. */
    public @Nullable TupleData oldTuple() {
        return oldMarker == 0 ? null : oldTuple;
    }

    /** Returns whether only the key columns of the old tuple have values; the others are null then. */
    public boolean oldTupleIsKeyOnly() {
        return oldMarker == 'K';
    }

    public TupleData newTuple() {
        return newTuple;
    }
}
