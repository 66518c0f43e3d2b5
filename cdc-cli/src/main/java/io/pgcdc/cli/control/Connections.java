package io.pgcdc.cli.control;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts a socket's connections, and gives each a thread. If there are too many, the one whose client has been waited for longest is closed: who
 * sends slowly, does not read, or does nothing, cannot keep others out.
 */
final class Connections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final long PAUSE_MS = 100;

    private final int most;
    private final ServerSocketChannel server;
    private final Door door;
    private final Service service;

    /** Accessed only under its own monitor. */
    private final Set<Connection> open = new HashSet<>();

    private final CountDownLatch closed = new CountDownLatch(1);

    /** Serves a connection until its end. Its own thread. */
    interface Service {

        /** Returns when the connection may be closed. An IOException says that the client has gone. */
        void serve(Connection connection) throws IOException;
    }

    /** Waits for connections. */
    interface Door {

        /**
         * Returns the next connection.
         *
         * @throws ClosedChannelException if there is none any more; any other IOException may pass
         */
        SocketChannel next() throws IOException;
    }

    private Connections(int most, ServerSocketChannel server, Door door, Service service) {
        this.most = most;
        this.server = server;
        this.door = door;
        this.service = service;
    }

    /**
     * Begins to accept.
     *
     * @param most number of connections at a time
     * @param server is closed with the result
     */
    static Connections serve(int most, ServerSocketChannel server, Service service) {
        return serve(most, server, server::accept, service);
    }

    static Connections serve(int most, ServerSocketChannel server, Door door, Service service) {
        Connections connections = new Connections(most, server, door, service);
        connections.thread("accept", connections::accept);
        return connections;
    }

    private void thread(String role, Runnable work) {
        Thread thread = new Thread(work, "cdc-control-" + role);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        boolean works = true;
        try {
            do {
                try {
                    admit(door.next());
                    works = true;
                } catch (ClosedChannelException e) {
                    return; // the run has ended
                } catch (IOException e) {
                    if (works) {
                        LOG.warn("commands cannot reach this run at the moment: {}. It keeps trying.", e.toString());
                    }
                    works = false;
                }
            } while (works || !closed.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        Connection connection = new Connection(channel);
        synchronized (open) {
            if (closed.getCount() == 0 || !makeRoom()) {
                connection.close();
                return;
            }
            open.add(connection);
        }
        thread("connection", () -> serve(connection));
    }

    /** Returns false if we work for every client. */
    private boolean makeRoom() throws IOException {
        if (open.size() < most) {
            return true;
        }
        Connection slowest = slowest();
        if (slowest == null) {
            return false;
        }
        open.remove(slowest);
        slowest.close();
        LOG.debug("more than {} connections: the one that was silent for longest is closed", most);
        return true;
    }

    private @Nullable Connection slowest() {
        return open.stream()
                .max(Comparator.comparingLong(Connection::waitedNanos))
                .filter(one -> one.waitedNanos() >= 0)
                .orElse(null);
    }

    private void serve(Connection connection) {
        try {
            service.serve(connection);
        } catch (IOException e) {
            LOG.debug("a client has gone", e);
        } finally {
            synchronized (open) {
                open.remove(connection);
            }
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed", e);
        }
    }

    /** Ends all connections, and accepts no more. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        synchronized (open) {
            open.forEach(Connections::close);
        }
    }
}
