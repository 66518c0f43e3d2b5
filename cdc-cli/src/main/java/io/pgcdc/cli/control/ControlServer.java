package io.pgcdc.cli.control;

import io.pgcdc.error.CdcException;
import io.pgcdc.pipeline.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the control socket of a running pipeline. Each connection has a thread of its own, so that neither capture nor a sink waits for one. Only
 * the user of the process can connect.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private static final int MOST_CONNECTIONS = 16;
    private static final long PAUSE_MS = 100;

    private final Path socket;
    private final ServerSocketChannel server;
    private final Door door;
    private final UnaryOperator<String> answers;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private ControlServer(Path socket, ServerSocketChannel server, Door door, UnaryOperator<String> answers) {
        this.socket = socket;
        this.server = server;
        this.door = door;
        this.answers = answers;
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

    /**
     * Opens the socket. The pipeline may still be starting. Call it, and close the result, while the pipeline holds the lock of its queue: an old socket is replaced, and the socket is
     * removed at the end. Without a socket the pipeline runs, but takes no orders; the log says so.
     *
     * @param queue directory of the pipeline's queue
     * @param status tells how the pipeline is
     */
    public static AutoCloseable start(Path queue, Pipeline pipeline, StatusJson status) {
        try {
            Path socket = ControlPath.of(queue);
            ControlPath.createDirectory(socket);
            Files.deleteIfExists(socket);
            ServerSocketChannel server = open(socket);
            return serve(socket, server, server::accept, new ControlRequests(pipeline, status)::answer);
        } catch (IOException | CdcException | UncheckedIOException | UnsupportedOperationException e) {
            LOG.warn("commands cannot reach this run: its control socket cannot be opened: {}", e.toString());
            return () -> {};
        }
    }

    private static ServerSocketChannel open(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            // its directory is private as well
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close(); // otherwise a client would wait for an answer
            throw e;
        }
    }

    /**
     * Serves an open socket.
     *
     * @param door accepts the socket's connections
     * @param answers returns the answer to a line; any thread
     */
    static ControlServer serve(Path socket, ServerSocketChannel server, Door door, UnaryOperator<String> answers) {
        ControlServer control = new ControlServer(socket, server, door, answers);
        control.thread("accept", control::accept);
        return control;
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

    private void admit(SocketChannel connection) throws IOException {
        if (connections.size() >= MOST_CONNECTIONS) {
            connection.close();
            return;
        }
        connections.add(connection);
        thread("connection", () -> serve(connection));
    }

    private void serve(SocketChannel connection) {
        try (connection;
                BufferedReader lines = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
                OutputStream to = Channels.newOutputStream(connection)) {
            for (String line = Lines.next(lines); line != null; line = Lines.next(lines)) {
                to.write((answers.apply(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            LOG.debug("a control connection has ended", e);
        } finally {
            connections.remove(connection);
        }
    }

    /** Ends all connections and removes the socket with its directory. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        Files.deleteIfExists(socket);
        try {
            Files.deleteIfExists(socket.resolveSibling(""));
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("the directory of the control socket holds other files", e);
        }
    }
}
