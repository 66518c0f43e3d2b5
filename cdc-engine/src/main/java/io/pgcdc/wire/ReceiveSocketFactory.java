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
    private final @Nullable String unixSocket;

    /** @param argument what {@link #argument} gave */
    public ReceiveSocketFactory(String argument) {
        int blank = argument.indexOf(' ');
        key = blank < 0 ? argument : argument.substring(0, blank);
        unixSocket = blank < 0 ? null : argument.substring(blank + 1);
    }

    /**
     * What pgjdbc is to make the factory from.
     *
     * @param key without blanks
     * @param unixSocket the file to connect to; null: over TCP
     */
    static String argument(String key, @Nullable String unixSocket) {
        return unixSocket == null ? key : key + " " + unixSocket;
    }

    /** The last socket made for the key; forgets it. */
    static @Nullable ReceiveSocket take(String key) {
        return SOCKETS.remove(key);
    }

    @Override
    public Socket createSocket() throws IOException {
        ReceiveSocket socket = unixSocket == null ? new ReceiveSocket() : new UnixReceiveSocket(unixSocket);
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
