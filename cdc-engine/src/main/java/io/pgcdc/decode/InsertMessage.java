package io.pgcdc.decode;

/**
 * Insert.
 *
 * <pre>
 *  0        1              5
 *  +--------+--------------+-----+-----------+
 *  | 'I'    | relation oid | 'N' | new tuple |
 *  +--------+--------------+-----+-----------+
 * </pre>
 */
public final class InsertMessage {

    private final MessageReader reader;
    private final TupleData newTuple = new TupleData();
    private int relationOid;

    InsertMessage(MessageReader reader) {
        this.reader = reader;
    }

    InsertMessage read() {
        relationOid = reader.readInt();
        return this;
    }

    public int relationOid() {
        return relationOid;
    }

    /** Reads the tuple. Call it once per message. */
    public TupleData readNewTuple() {
        byte marker = reader.readByte();
        if (marker != 'N') {
            throw reader.malformed("tuple marker " + (marker & 0xFF) + ", expected 'N'");
        }
        newTuple.read(reader);
        reader.requireEnd();
        return newTuple;
    }
}
