package io.pgcdc.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives pgjdbc a {@link ReceiveSocket}. pgjdbc makes the factory itself, from its class name and one string; that string is the
 * key under which the connection finds its socket afterwards.
 */
public final class ReceiveSocketFactory extends SocketFactory {

    private static final Map<String, ReceiveSocket> SOCKETS = new ConcurrentHashMap<>();

    private final String key;

    public ReceiveSocketFactory(String key) {
        this.key = key;
    }

    /** The last socket made for the key; forgets it. */
    static @Nullable ReceiveSocket take(String key) {
        return SOCKETS.remove(key);
    }

    @Override
    public Socket createSocket() throws IOException {
        ReceiveSocket socket = new ReceiveSocket();
        socket.setReceiveBufferSize(ReceiveSocket.KERNEL_BUFFER_BYTES);
        // with several hosts pgjdbc asks once a host: the last is the one that it keeps
        SOCKETS.put(key, socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw connectedNotOffered();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw connectedNotOffered();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw connectedNotOffered();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        throw connectedNotOffered();
    }

    private static IOException connectedNotOffered() {
        return new IOException("only unconnected sockets are made here");
    }
}
