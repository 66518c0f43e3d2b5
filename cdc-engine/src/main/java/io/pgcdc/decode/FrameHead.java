package io.pgcdc.decode;

import io.pgcdc.error.DecodeException;

/**
 * One frame of the stream, seen from outside: its bytes, its place, its type and, for a row, its table. A flyweight: it reads the first
 * five bytes at most. Belongs to one thread.
 *
 * <pre>
 *  0        1              5
 *  +--------+--------------+------
 *  | type   | relation oid | ...     the oid: of 'I', 'U' and 'D' only
 *  +--------+--------------+------
 * </pre>
 */
public final class FrameHead {

    private static final int OID_AT = 1;

    private final MessageReader reader = new MessageReader();
    private byte[] buffer = {};
    private int offset;
    private int length;
    private long lsn;
    private long sentMicros;

    /**
     * Points this at a message in {@code buffer[offset .. offset + length)}.
     *
     * @param newLsn from the header of the 'w' message
     * @param newSentMicros the server's clock, from the same header, since 1970 UTC
     */
    public FrameHead wrap(long newLsn, long newSentMicros, byte[] newBuffer, int newOffset, int newLength) {
        lsn = newLsn;
        sentMicros = newSentMicros;
        buffer = newBuffer;
        offset = newOffset;
        length = newLength;
        return this;
    }

    public long lsn() {
        return lsn;
    }

    /** Returns when the server sent it, in microseconds since 1970 UTC. */
    public long sentMicros() {
        return sentMicros;
    }

    public byte[] buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /**
     * Returns the message's type, one of the constants of {@link PgOutput}, or another byte.
     *
     * @throws DecodeException the message is empty
     */
    public byte type() {
        return read().readByte();
    }

    /**
     * Returns the oid of the table of an Insert, Update or Delete, unsigned.
     *
     * @throws DecodeException the message ends before it
     */
    public int relationOid() {
        MessageReader message = read();
        message.skip(OID_AT);
        return message.readInt();
    }

    private MessageReader read() {
        reader.wrap(buffer, offset, length, lsn);
        return reader;
    }
}
