package io.pgcdc.servers.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;

/**
 * A TCP proxy on the loopback address in front of one port. It can hold back what the server sends, often in the middle of a
 * message, or cut all connections. Any thread.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final Set<Socket> abandoned = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();

    /** Guarded by the gate. How many bytes the server may still send, in all connections together. */
    private long allowance = Long.MAX_VALUE;

    private long forwarded;

    /** Guarded by the gate. How many more bytes, in both directions together, until all connections are cut once. */
    private long untilCut = Long.MAX_VALUE;

    private boolean hasCut;
    private volatile boolean closed;
    private volatile boolean refusing;
    private volatile IntUnaryOperator pieces = available -> available;

    /** Starts forwarding to a port of the loopback address. */
    public FaultProxy(int targetPort) {
        target = targetPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("fault-proxy", this::acceptAll);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sends the server's data in pieces of 1 to {@code most} bytes from now on. */
    public void split(int most, long seed) {
        Random random = new Random(seed);
        pieces = available -> {
            synchronized (random) {
                return Math.min(available, 1 + random.nextInt(most));
            }
        };
    }

    /** Lets the server send this many more bytes, and holds back the rest until {@link #resume}. */
    public void stallAfter(long bytes) {
        synchronized (gate) {
            allowance = bytes;
            gate.notifyAll();
        }
    }

    public void resume() {
        stallAfter(Long.MAX_VALUE);
    }

    /** Returns whether the allowance of {@link #stallAfter} is used up. */
    public boolean isStalled() {
        synchronized (gate) {
            return allowance == 0;
        }
    }

    /** Returns how many bytes went from the server to its clients. */
    public long forwarded() {
        synchronized (gate) {
            return forwarded;
        }
    }

    /** Ends every connection at once. Accepts new ones. */
    public void cut() {
        // a client that reconnects at once is not cut again
        List.copyOf(sockets).forEach(this::closeQuietly);
    }

    /** Ends every connection after this many more bytes, in both directions together. Accepts new ones. */
    public void cutAfter(long bytes) {
        synchronized (gate) {
            untilCut = bytes;
            hasCut = false;
        }
    }

    /** Returns whether {@link #cutAfter} has cut. */
    public boolean hasCut() {
        synchronized (gate) {
            return hasCut;
        }
    }

    /** Returns how many bytes may pass. The cut follows if that is less than wanted. */
    private int beforeCut(int wanted) {
        synchronized (gate) {
            int now = (int) Math.min(untilCut, wanted);
            if (untilCut != Long.MAX_VALUE) {
                untilCut -= now;
            }
            if (now < wanted) {
                untilCut = Long.MAX_VALUE;
                hasCut = true;
            }
            return now;
        }
    }

    /** Ends every connection, including new ones, until {@link #accept}. */
    public void refuse() {
        refusing = true;
        cut();
    }

    public void accept() {
        refusing = false;
    }

    /** Ends the server's half of every connection: clients read an end, but can still write. */
    public void halfClose() {
        for (Socket client : clients) {
            try {
                client.shutdownOutput();
            } catch (IOException e) {
                closeQuietly(client);
            }
        }
    }

    /** Stops forwarding in current connections but keeps them open, as if the other side had vanished. New ones work. */
    public void abandon() {
        abandoned.addAll(sockets);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket client = track(listener.accept());
                if (refusing) {
                    closeQuietly(client);
                    continue;
                }
                clients.add(client);
                Socket server = track(new Socket(InetAddress.getLoopbackAddress(), target));
                daemon("fault-proxy-up", () -> pump(client, server, false));
                daemon("fault-proxy-down", () -> pump(server, client, true));
            } catch (IOException e) {
                cut();
            }
        }
    }

    private Socket track(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void pump(Socket from, Socket to, boolean limited) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (abandoned.contains(from)) {
                    // kept open, but never read again
                    return;
                }
                int passed = beforeCut(count);
                for (int sent = 0; sent < passed; ) {
                    int now = limited ? admit(passed - sent) : passed - sent;
                    if (abandoned.contains(from)) {
                        return;
                    }
                    out.write(buffer, sent, now);
                    sent += now;
                }
                if (passed < count) {
                    cut();
                }
            }
        } catch (IOException | InterruptedException e) {
            // the connection ended, and the proxy passes that on
        } finally {
            if (!abandoned.contains(from)) {
                closeQuietly(from);
                closeQuietly(to);
            }
        }
    }

    private int admit(int wanted) throws InterruptedException {
        synchronized (gate) {
            while (allowance == 0) {
                gate.wait();
            }
            int now = (int) Math.min(allowance, pieces.applyAsInt(wanted));
            if (allowance != Long.MAX_VALUE) {
                allowance -= now;
            }
            forwarded += now;
            return now;
        }
    }

    private void closeQuietly(Socket socket) {
        sockets.remove(socket);
        clients.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed anyway
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        resume();
        cut();
    }
}
