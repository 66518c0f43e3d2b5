package io.pgcdc.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives pgjdbc a {@link ReceiveSocket}. pgjdbc creates the factory from its class name and one string. The string contains the key
 * by which the connection finds its socket afterwards.
 */
public final class ReceiveSocketFactory extends SocketFactory {

    /** A login has an entry while somebody waits for it. */
    private static final Map<String, AtomicReference<@Nullable ReceiveSocket>> SOCKETS = new ConcurrentHashMap<>();

    private final String key;
    private final @Nullable String unixSocket;

    /** @param argument from {@link #argument} */
    public ReceiveSocketFactory(String argument) {
        int blank = argument.indexOf(' ');
        key = blank < 0 ? argument : argument.substring(0, blank);
        unixSocket = blank < 0 ? null : argument.substring(blank + 1);
    }

    /**
     * Returns the argument from which pgjdbc creates the factory.
     *
     * @param key without blanks
     * @param unixSocket the file to connect to, or null for TCP
     */
    static String argument(String key, @Nullable String unixSocket) {
        return unixSocket == null ? key : key + " " + unixSocket;
    }

    /** Begins to keep the sockets of a key, until {@link #take}. */
    static void expect(String key) {
        SOCKETS.put(key, new AtomicReference<>());
    }

    /** Returns and forgets the last socket created for the key. */
    static @Nullable ReceiveSocket take(String key) {
        AtomicReference<@Nullable ReceiveSocket> last = SOCKETS.remove(key);
        return last == null ? null : last.get();
    }

    @Override
    public Socket createSocket() throws IOException {
        AtomicReference<@Nullable ReceiveSocket> last = SOCKETS.get(key);
        if (last == null) {
            throw new IOException("nobody waits for this login any more");
        }
        ReceiveSocket socket = unixSocket == null ? new ReceiveSocket() : new UnixReceiveSocket(unixSocket);
        socket.setReceiveBufferSize(ReceiveSocket.KERNEL_BUFFER_BYTES);
        // with several hosts, pgjdbc asks once per host and keeps the last socket
        last.set(socket);
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
        return new IOException("this factory creates only unconnected sockets");
    }
}
