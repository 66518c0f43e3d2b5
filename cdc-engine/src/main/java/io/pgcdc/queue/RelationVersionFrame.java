package io.pgcdc.queue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.Objects;

/**
 * A frame that capture itself puts into a segment, before the first row of a relation there: from here on rows of that oid have
 * that layout. It makes each segment readable by itself. pgoutput has no message of this type.
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

    /** Adds one to a segment. {@code scratch}: at least {@link #LENGTH} bytes, overwritten. {@code lsn}: of the row behind it. */
    public static void add(SegmentBuilder to, long lsn, int oid, int version, byte[] scratch) {
        scratch[0] = TYPE;
        BigEndian.putInt(scratch, OID_AT, oid);
        BigEndian.putInt(scratch, VERSION_AT, version);
        to.addFrame(lsn, scratch, 0, LENGTH);
    }

    public static boolean is(byte[] bytes, int offset, int length) {
        return length > 0 && bytes[offset] == TYPE;
    }

    /** Unsigned. @throws QueueException when the frame has another length */
    public static int oid(byte[] bytes, int offset, int length) {
        check(bytes, offset, length);
        return BigEndian.getInt(bytes, offset + OID_AT);
    }

    /** @throws QueueException when the frame has another length */
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
