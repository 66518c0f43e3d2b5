package io.pgcdc.cli.control;

import io.pgcdc.error.CdcException;
import io.pgcdc.pipeline.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control socket of a running pipeline. Only the user of the process can connect. */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private static final int MOST_CONNECTIONS = 16;

    private final Path socket;
    private final Connections connections;

    private ControlServer(Path socket, ServerSocketChannel server, ControlRequests requests) {
        this.socket = socket;
        connections = Connections.serve(MOST_CONNECTIONS, server, connection -> serve(connection, requests));
    }

    /**
     * Opens the socket. The pipeline may still be starting. Call it, and close the result, while the pipeline holds the lock of its queue: an old socket is replaced, and the socket is
     * removed at the end. Without a socket the pipeline runs, but takes no orders; the log says so.
     *
     * @param queue directory of the pipeline's queue
     * @param status tells how the pipeline is
     */
    public static AutoCloseable start(Path queue, Pipeline pipeline, StatusJson status, TablesJson tables) {
        try {
            Path socket = ControlPath.of(queue);
            ControlPath.createDirectory(socket);
            Files.deleteIfExists(socket);
            return new ControlServer(socket, open(socket), new ControlRequests(pipeline, status, tables));
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

    private static void serve(Connection connection, ControlRequests requests) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(connection.in(), StandardCharsets.UTF_8));
        for (String line = Lines.next(lines); line != null; line = Lines.next(lines)) {
            String request = line;
            String answer = connection.work(() -> requests.answer(request));
            connection.out().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Ends all connections and removes the socket with its directory. */
    @Override
    public void close() throws IOException {
        connections.close();
        Files.deleteIfExists(socket);
        try {
            Files.deleteIfExists(socket.resolveSibling(""));
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("the directory of the control socket holds other files", e);
        }
    }
}
