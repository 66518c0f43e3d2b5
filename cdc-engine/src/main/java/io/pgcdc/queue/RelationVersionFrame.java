package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.Objects;

/**
 * Announces a relation's layout to the readers of a segment. Capture adds this frame before the relation's first row in each segment, so
 * that each segment is readable without the others. It applies to all later rows of that oid. pgoutput has no message of this type.
 *
 * <pre>
 *   'v' 1 | relation oid 4 | version in the {@link Layouts} 4
 * </pre>
 */
public final class RelationVersionFrame {

    public static final byte TYPE = 'v';
    public static final int LENGTH = 9;

    private static final int OID_AT = 1;
    private static final int VERSION_AT = 5;

    private RelationVersionFrame() {}

    /**
     * Adds a frame to a segment.
     *
     * @param lsn of the row after it
     * @param scratch at least {@link #LENGTH} bytes, overwritten
     */
    public static void add(SegmentBuilder to, long lsn, int oid, int version, byte[] scratch) {
        scratch[0] = TYPE;
        BigEndian.putInt(scratch, OID_AT, oid);
        BigEndian.putInt(scratch, VERSION_AT, version);
        to.addFrame(lsn, scratch, 0, LENGTH);
    }

    /** Returns true if the bytes are such a frame. Checks the type only. */
    public static boolean is(byte[] bytes, int offset, int length) {
        return length > 0 && bytes[offset] == TYPE;
    }

    /**
     * Returns the relation's oid, unsigned.
     *
     * @throws QueueException QUEUE_DAMAGED: the frame has another length
     */
    public static int oid(byte[] bytes, int offset, int length) {
        check(bytes, offset, length);
        return BigEndian.getInt(bytes, offset + OID_AT);
    }

    /**
     * Returns the layout's version.
     *
     * @throws QueueException QUEUE_DAMAGED: the frame has another length
     */
    public static int version(byte[] bytes, int offset, int length) {
        check(bytes, offset, length);
        return BigEndian.getInt(bytes, offset + VERSION_AT);
    }

    private static void check(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length != LENGTH || bytes[offset] != TYPE) {
            throw new QueueException(
                    ErrorCode.QUEUE_DAMAGED,
                    "a relation version frame has " + length + " bytes instead of " + LENGTH + "; at offset " + offset
                            + " of a segment. Keep a copy of the queue directory and report this.");
        }
    }
}
