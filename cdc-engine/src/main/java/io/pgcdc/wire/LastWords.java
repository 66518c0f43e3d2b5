package io.pgcdc.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * Lets pgjdbc report why a server ended the stream. In copy mode, pgjdbc waits for a ReadyForQuery after each ErrorResponse. After
 * a FATAL error the server closes instead. pgjdbc then reports the closed connection and drops the error. So if the input ends
 * right after an ErrorResponse, this stream adds one ReadyForQuery (PostgreSQL documentation, "Message Formats").
 *
 * <pre>
 *   'E' | int32 length, itself included | (byte field type, text, 0)... | 0
 *   'Z' | int32 5 | 'I'
 * </pre>
 *
 * For one reading thread.
 */
final class LastWords extends FilterInputStream {

    private static final int TAIL_BYTES = 4_096;
    private static final int HEADER_BYTES = 5;
    private static final byte[] READY_FOR_QUERY = {'Z', 0, 0, 0, 5, 'I'};

    private final byte[] tail = new byte[TAIL_BYTES];
    private int tailLength;

    /** How many bytes of READY_FOR_QUERY were returned; -1: not started. */
    private int given = -1;

    LastWords(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (given >= 0) {
            return give(target, offset, length);
        }
        try {
            int count = in.read(target, offset, length);
            if (count >= 0 || !endsWithError()) {
                remember(target, offset, count);
                return count;
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (!endsWithError()) {
                throw e;
            }
        }
        given = 0;
        return give(target, offset, length);
    }

    private int give(byte[] target, int offset, int length) {
        int count = Math.min(length, READY_FOR_QUERY.length - given);
        if (count == 0) {
            return -1;
        }
        System.arraycopy(READY_FOR_QUERY, given, target, offset, count);
        given += count;
        return count;
    }

    private void remember(byte[] bytes, int offset, int count) {
        if (count <= 0) {
            return;
        }
        int added = Math.min(count, TAIL_BYTES);
        int kept = Math.min(tailLength, TAIL_BYTES - added);
        System.arraycopy(tail, tailLength - kept, tail, 0, kept);
        System.arraycopy(bytes, offset + count - added, tail, kept, added);
        tailLength = kept + added;
    }

    /** Returns whether the input so far ends with a complete ErrorResponse. */
    private boolean endsWithError() {
        for (int start = tailLength - HEADER_BYTES - 1; start >= 0; start--) {
            if (tail[start] == 'E'
                    && ByteBuffer.wrap(tail).getInt(start + 1) == tailLength - start - 1
                    && hasFields(start)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasFields(int start) {
        int at = start + HEADER_BYTES;
        boolean severity = tail[at] == 'S';
        while (at < tailLength && tail[at] != 0) {
            at++;
            while (at < tailLength && tail[at] != 0) {
                at++;
            }
            at++;
        }
        return severity && at == tailLength - 1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int available() throws IOException {
        return given >= 0 ? READY_FOR_QUERY.length - given : in.available();
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] scratch = new byte[(int) Math.min(count, TAIL_BYTES)];
        return Math.max(0, read(scratch, 0, scratch.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
