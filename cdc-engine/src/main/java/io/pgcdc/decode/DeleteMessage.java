package io.pgcdc.decode;

/**
 * Delete.
 *
 * <pre>
 *  0        1              5
 *  +--------+--------------+-----------+-----------+
 *  | 'D'    | relation oid | 'K' | 'O' | old tuple |
 *  +--------+--------------+-----------+-----------+
 * </pre>
 */
public final class DeleteMessage {

    private final MessageReader reader;
    private final TupleData oldTuple = new TupleData();
    private int relationOid;
    private boolean keyOnly;

    DeleteMessage(MessageReader reader) {
        this.reader = reader;
    }

    DeleteMessage read() {
        relationOid = reader.readInt();
        return this;
    }

    public int relationOid() {
        return relationOid;
    }

    /** Reads the tuple. Call it once per message, before {@link #oldTupleIsKeyOnly}. */
    public TupleData readOldTuple() {
        byte marker = reader.readByte();
        if (marker != 'K' && marker != 'O') {
            throw reader.malformed("tuple marker " + (marker & 0xFF) + ", expected 'K' or 'O'");
        }
        keyOnly = marker == 'K';
        oldTuple.read(reader);
        reader.requireEnd();
        return oldTuple;
    }

    /** Returns whether only the key columns have values; the others are null then. */
    public boolean oldTupleIsKeyOnly() {
        return keyOnly;
    }
}
