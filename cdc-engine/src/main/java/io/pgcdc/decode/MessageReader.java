package io.pgcdc.decode;

import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Lsn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over one message's bytes. Integers are big-endian (PostgreSQL documentation, "Message Data Types"). Each read first
 * checks that the bytes exist. For a short message it throws a DecodeException with message type, byte offset and LSN.
 */
final class MessageReader {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] buffer = new byte[0];
    private int start;
    private int position;
    private int limit;
    private long lsn;

    /** Moves to the message's first byte, its type. */
    void wrap(byte[] newBuffer, int offset, int length, long newLsn) {
        buffer = newBuffer;
        start = offset;
        position = offset;
        limit = offset + length;
        lsn = newLsn;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Returns the index of the next byte in {@link #buffer}. */
    int position() {
        return position;
    }

    void seek(int newPosition) {
        position = newPosition;
    }

    int remaining() {
        return limit - position;
    }

    byte readByte() {
        require(Byte.BYTES);
        return buffer[position++];
    }

    /** Reads an unsigned 16-bit integer. */
    int readUnsignedShort() {
        require(Short.BYTES);
        int value = (short) SHORT.get(buffer, position) & 0xFFFF;
        position += Short.BYTES;
        return value;
    }

    int readInt() {
        require(Integer.BYTES);
        int value = (int) INT.get(buffer, position);
        position += Integer.BYTES;
        return value;
    }

    long readLong() {
        require(Long.BYTES);
        long value = (long) LONG.get(buffer, position);
        position += Long.BYTES;
        return value;
    }

    /** Reads a zero-terminated UTF-8 string; allocates. */
    String readString() {
        int end = position;
        while (end < limit && buffer[end] != 0) {
            end++;
        }
        if (end == limit) {
            throw malformed("string without a terminating zero");
        }
        String value = new String(buffer, position, end - position, StandardCharsets.UTF_8);
        position = end + 1;
        return value;
    }

    void skip(int bytes) {
        require(bytes);
        position += bytes;
    }

    /** Checks that the whole message was read. Unknown bytes at its end are an error. */
    void requireEnd() {
        if (position != limit) {
            throw malformed((limit - position) + " bytes after the end of the message");
        }
    }

    DecodeException malformed(String what) {
        return error(ErrorCode.DECODE_MALFORMED, what);
    }

    DecodeException error(ErrorCode code, String what) {
        String type = limit > start ? describeType(buffer[start]) : "(empty)";
        return new DecodeException(
                code,
                what + "; in message " + type + " at LSN " + Lsn.toString(lsn) + ", byte " + (position - start) + " of "
                        + (limit - start)
                        + ". Keep the queue directory and report this with the server's version.");
    }

    private static String describeType(byte type) {
        return type > ' ' && type < 127 ? "'" + (char) type + "'" : String.format("0x%02X", type & 0xFF);
    }

    private void require(int bytes) {
        if (bytes < 0 || bytes > limit - position) {
            throw malformed("expected " + bytes + " more bytes, found " + (limit - position));
        }
    }
}
