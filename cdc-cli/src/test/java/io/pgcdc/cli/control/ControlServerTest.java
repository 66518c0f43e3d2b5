package io.pgcdc.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {

    private static final int FAILURES = 3;

    @TempDir
    Path directory;

    private static String ask(Path socket, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                OutputStream to = Channels.newOutputStream(channel);
                BufferedReader from = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            return String.valueOf(Lines.next(from));
        }
    }

    /** The process may have no free file descriptor for a moment. */
    @Test
    void aFailureToAcceptPasses() throws IOException {
        Path socket = directory.resolve("socket");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        AtomicInteger calls = new AtomicInteger();
        ControlServer.Door door = () -> {
            if (calls.incrementAndGet() <= FAILURES) {
                throw new IOException("Too many open files");
            }
            return server.accept();
        };
        ControlServer control = ControlServer.serve(socket, server, door, line -> "answer to " + line);
        assertEquals("answer to one", ask(socket, "one"));
        assertEquals("answer to another", ask(socket, "another"));
        control.close();
        assertFalse(Files.exists(socket));
    }
}
