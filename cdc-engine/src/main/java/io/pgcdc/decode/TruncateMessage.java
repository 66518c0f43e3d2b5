package io.pgcdc.decode;

import io.pgcdc.model.TruncateView;
import java.util.Arrays;

/**
 * Truncate of one or more tables by one statement.
 *
 * <pre>
 *  0        1           5         6
 *  +--------+-----------+---------+--------------------+
 *  | 'T'    | relations | options | relation oid, each |
 *  +--------+-----------+---------+--------------------+
 *             4 bytes     1 byte    4 bytes
 * </pre>
 */
public final class TruncateMessage implements TruncateView {

    private static final int CASCADE = 1;
    private static final int RESTART_IDENTITY = 2;

    private int[] relationOids = new int[4];
    private int count;
    private int options;

    TruncateMessage read(MessageReader reader) {
        count = reader.readInt();
        options = reader.readByte();
        if (count < 0 || (long) count * Integer.BYTES != reader.remaining()) {
            throw reader.malformed(count + " relations in " + reader.remaining() + " bytes");
        }
        if (count > relationOids.length) {
            relationOids = Arrays.copyOf(relationOids, count);
        }
        for (int i = 0; i < count; i++) {
            relationOids[i] = reader.readInt();
        }
        return this;
    }

    public int relationCount() {
        return count;
    }

    public int relationOid(int index) {
        return relationOids[index];
    }

    @Override
    public boolean cascade() {
        return (options & CASCADE) != 0;
    }

    @Override
    public boolean restartIdentity() {
        return (options & RESTART_IDENTITY) != 0;
    }
}
