package io.pgcdc.decode;

import io.pgcdc.model.MessageView;

/**
 * Message: written by {@code pg_logical_emit_message}. A transactional one comes between Begin and Commit, any other one alone.
 *
 * <pre>
 *  0        1        2                 10
 *  +--------+--------+-----------------+----------+---------+---------+
 *  | 'M'    | flags  | LSN             | prefix   | length  | content |
 *  +--------+--------+-----------------+----------+---------+---------+
 *                                        zero-t.    4 bytes
 * </pre>
 */
public final class LogicalMessage implements MessageView {

    private static final int TRANSACTIONAL = 1;

    private boolean transactional;
    private long lsn;
    private String prefix = "";
    private byte[] buffer = new byte[0];
    private int offset;
    private int length;

    LogicalMessage read(MessageReader reader) {
        byte flags = reader.readByte();
        if ((flags & ~TRANSACTIONAL) != 0) {
            throw reader.malformed("message flags " + (flags & 0xFF) + " are unknown");
        }
        transactional = (flags & TRANSACTIONAL) != 0;
        lsn = reader.readLong();
        prefix = reader.readString();
        length = reader.readInt();
        buffer = reader.buffer();
        offset = reader.position();
        reader.skip(length);
        reader.requireEnd();
        return this;
    }

    @Override
    public boolean transactional() {
        return transactional;
    }

    public long lsn() {
        return lsn;
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }
}
