package io.pgcdc.wire;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A {@link ReceiveSocket} on a Unix socket. It connects to its file and ignores the address. Options that only TCP has do nothing.
 */
final class UnixReceiveSocket extends ReceiveSocket {

    private final File file;
    private final AFUNIXSocket socket;

    /** The timeout as it was set: the kernel rounds it. */
    private int timeoutMs;

    UnixReceiveSocket(String file) throws IOException {
        this.file = new File(file);
        this.socket = AFUNIXSocket.newInstance();
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMs) throws IOException {
        socket.connect(AFUNIXSocketAddress.of(file), timeoutMs);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    InputStream rawInput() throws IOException {
        return socket.getInputStream();
    }

    @Override
    void rawTimeout(int milliseconds) throws SocketException {
        timeoutMs = milliseconds;
        socket.setSoTimeout(milliseconds);
    }

    /**
     * Returns false. On a Unix socket each message takes its own kernel buffer, so a few messages fill it, and a pause only idles
     * the peer.
     */
    @Override
    boolean takesGulps() {
        return false;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public synchronized int getSoTimeout() {
        return timeoutMs;
    }

    @Override
    public synchronized void setReceiveBufferSize(int bytes) throws SocketException {
        socket.setReceiveBufferSize(bytes);
    }

    @Override
    public synchronized int getReceiveBufferSize() throws SocketException {
        return socket.getReceiveBufferSize();
    }

    @Override
    public synchronized void setSendBufferSize(int bytes) throws SocketException {
        socket.setSendBufferSize(bytes);
    }

    @Override
    public synchronized int getSendBufferSize() throws SocketException {
        return socket.getSendBufferSize();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public synchronized void close() throws IOException {
        socket.close();
    }
}
