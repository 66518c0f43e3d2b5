package io.pgcdc.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a replication connection. It has its own receive buffer, so that a reader can wait for bytes <em>between</em>
 * messages. pgjdbc's socket timeout cannot do that: if it fires inside a message, the bytes read so far are lost. With TLS, the TLS
 * socket is on top of this one.
 */
class ReceiveSocket extends Socket {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Requested size of the kernel's buffer: enough to read many messages at once. */
    static final int KERNEL_BUFFER_BYTES = 256 * 1024;

    /** The timeout with which pgjdbc asks if a message has begun to arrive. */
    private static final int PROBE_MS = 1;

    private @Nullable Stream stream;
    private int stallMs;
    private boolean probing;

    /** Returns the system's input. */
    InputStream rawInput() throws IOException {
        return super.getInputStream();
    }

    /** Sets the timeout of the system's input. */
    void rawTimeout(int milliseconds) throws SocketException {
        super.setSoTimeout(milliseconds);
    }

    /** Returns whether pauses that let the socket fill make the peer send more at once. */
    boolean takesGulps() {
        return true;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        Stream current = stream;
        if (current == null) {
            current = new Stream(new LastWords(rawInput()));
            stream = current;
        }
        return current;
    }

    /**
     * Sets a limit in ms for each later read. A read that gets nothing for so long throws an IOException. Without the limit, a peer
     * that vanished inside a message would block the reader forever.
     */
    void limitStall(int milliseconds) throws IOException {
        stallMs = milliseconds;
        setSoTimeout(milliseconds);
    }

    /** Takes pgjdbc's timeout. Answers its probe at once: waiting 1 ms would add to the latency of each commit. */
    @Override
    public synchronized void setSoTimeout(int milliseconds) throws SocketException {
        probing = milliseconds == PROBE_MS;
        rawTimeout(milliseconds);
    }

    /** Waits until a read would find bytes or the end of the stream. Returns false if the time ran out first. */
    boolean awaitData(int milliseconds) throws IOException {
        getInputStream();
        Stream current = stream;
        if (current == null || current.buffered() > 0) {
            return true;
        }
        int before = getSoTimeout();
        rawTimeout(milliseconds);
        try {
            current.fill();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            rawTimeout(before);
        }
    }

    /** Thrown at each probe that finds nothing, so it has no stack trace. */
    private static final class NothingYet extends SocketTimeoutException {

        private static final long serialVersionUID = 1;

        NothingYet() {
            super("nothing has arrived");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private final class Stream extends FilterInputStream {

        private final byte[] buffer = new byte[BUFFER_BYTES];
        private final Gulps gulps = new Gulps();
        private int position;
        private int limit;
        private boolean ended;

        Stream(InputStream raw) {
            super(raw);
        }

        int buffered() {
            return ended ? 1 : limit - position;
        }

        void fill() throws IOException {
            position = 0;
            limit = 0;
            int count = in.read(buffer, 0, buffer.length);
            if (count < 0) {
                ended = true;
            } else {
                limit = count;
                pause(count);
            }
        }

        private void pause(int count) throws IOException {
            long nanos = takesGulps() ? gulps.read(count, System.nanoTime()) : 0;
            if (nanos > 0) {
                LockSupport.parkNanos(nanos);
                gulps.paused(in.available(), System.nanoTime());
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (position == limit) {
                if (ended) {
                    return -1;
                }
                if (probing && in.available() == 0) {
                    throw new NothingYet();
                }
                try {
                    if (length >= buffer.length) {
                        return in.read(target, offset, length);
                    }
                    fill();
                } catch (SocketTimeoutException e) {
                    throw stalled(e);
                }
                if (ended) {
                    return -1;
                }
            }
            int count = Math.min(length, limit - position);
            System.arraycopy(buffer, position, target, offset, count);
            position += count;
            return count;
        }

        /**
         * pgjdbc catches SocketTimeoutException and reads again. So a stall must look like a broken connection, without that
         * exception as its cause.
         */
        private IOException stalled(SocketTimeoutException e) throws IOException {
            return stallMs > 0 && getSoTimeout() == stallMs
                    ? new IOException("nothing received for " + stallMs + " ms inside a message")
                    : e;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int available() throws IOException {
            return limit - position + in.available();
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] scratch = new byte[(int) Math.min(count, BUFFER_BYTES)];
            return Math.max(0, read(scratch, 0, scratch.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
