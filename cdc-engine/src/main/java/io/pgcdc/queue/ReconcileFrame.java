package io.pgcdc.queue;

import java.nio.ByteBuffer;

/**
 * Stands between the chunks of a snapshot that reconciles sinks: after the beginning, every row that a table has comes, as a row of a chunk or as a
 * change; at the end, a row that did not come does not exist. Counts as a row of its chunk. pgoutput has no message of this type.
 *
 * <pre>
 *   'y' 1 | relation oid 4 | 'b' for the beginning or 'e' for the end 1
 * </pre>
 */
public final class ReconcileFrame {

    public static final byte TYPE = 'y';

    private static final int LENGTH = 6;
    private static final int OID = 1;
    private static final int PLACE = 5;

    private ReconcileFrame() {}

    /** Returns the bytes of a frame. */
    public static byte[] of(int oid, boolean begins) {
        return ByteBuffer.allocate(LENGTH)
                .put(TYPE)
                .putInt(oid)
                .put((byte) (begins ? 'b' : 'e'))
                .array();
    }

    /** Returns true if the bytes are such a frame. Checks the type only. */
    public static boolean is(byte[] bytes, int offset, int length) {
        return length == LENGTH && bytes[offset] == TYPE;
    }

    /** Returns the oid of the table's relation. */
    public static int oid(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes, offset + OID, Integer.BYTES).getInt();
    }

    /** Returns true if it is the beginning. */
    public static boolean begins(byte[] bytes, int offset) {
        return bytes[offset + PLACE] == 'b';
    }
}
