package io.pgcdc.decode;

import java.util.Arrays;

/**
 * The values of one row in the stream.
 *
 * <pre>
 *  +---------+   for each column:  +------+    +-------------+-----------------+
 *  | columns |                     | kind | or | kind | size | bytes           |
 *  +---------+                     +------+    +-------------+-----------------+
 *    2 bytes                        'n' 'u'     't' 'b'  4      size
 * </pre>
 *
 * A flyweight: it holds the offset of each value, and is valid only within the handler's call.
 */
public final class TupleData {

    public static final byte NULL = 'n';
    public static final byte UNCHANGED_TOAST = 'u';
    public static final byte TEXT = 't';
    public static final byte BINARY = 'b';

    private byte[] buffer = new byte[0];
    private int columnCount;
    private byte[] kinds = new byte[16];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    TupleData read(MessageReader reader) {
        buffer = reader.buffer();
        int count = reader.readUnsignedShort();
        if (count > reader.remaining()) {
            // each column takes at least one byte: refuse a larger count before it sizes arrays
            throw reader.malformed(count + " columns in " + reader.remaining() + " bytes");
        }
        ensureCapacity(count);
        for (int i = 0; i < count; i++) {
            byte kind = reader.readByte();
            kinds[i] = kind;
            switch (kind) {
                case TEXT, BINARY -> {
                    int length = reader.readInt();
                    if (length < 0) {
                        throw reader.malformed("value of length " + length);
                    }
                    offsets[i] = reader.position();
                    lengths[i] = length;
                    reader.skip(length);
                }
                case NULL, UNCHANGED_TOAST -> lengths[i] = 0;
                default -> throw reader.malformed("column kind " + (kind & 0xFF) + " is unknown");
            }
        }
        columnCount = count;
        return this;
    }

    private void ensureCapacity(int count) {
        if (count > kinds.length) {
            kinds = Arrays.copyOf(kinds, count);
            offsets = Arrays.copyOf(offsets, count);
            lengths = Arrays.copyOf(lengths, count);
        }
    }

    public int columnCount() {
        return columnCount;
    }

    /** Returns one of {@link #NULL}, {@link #UNCHANGED_TOAST}, {@link #TEXT}, {@link #BINARY}. */
    public byte kind(int column) {
        return kinds[column];
    }

    public byte[] buffer() {
        return buffer;
    }

    /** Returns the value's index in {@link #buffer}. Only for TEXT and BINARY. */
    public int offset(int column) {
        return offsets[column];
    }

    /** Returns the value's length in bytes. Only for TEXT and BINARY. */
    public int length(int column) {
        return lengths[column];
    }
}
