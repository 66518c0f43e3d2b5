package io.pgcdc.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that get their first line back, in capitals; "wait" waits until the test lets it go. */
@Timeout(30)
class ConnectionsTest {

    private static final int MOST = 3;
    private static final int FAILURES = 3;

    private final ServerSocketChannel server;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch working = new CountDownLatch(MOST);

    ConnectionsTest() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws Exception {
        released.countDown();
        while (!closing.isEmpty()) {
            closing.pop().close();
        }
    }

    private void serve() {
        closing.push(Connections.serve(MOST, server, this::answer));
    }

    private void answer(Connection connection) throws IOException {
        String line = line(new BufferedReader(new InputStreamReader(connection.in(), StandardCharsets.UTF_8)));
        if (line != null) {
            String answer = connection.work(() -> {
                if (line.equals("wait")) {
                    working.countDown();
                    awaitRelease();
                }
                return line.toUpperCase(java.util.Locale.ROOT);
            });
            connection.out().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String line(BufferedReader from) throws IOException {
        return from.readLine();
    }

    private Socket send(String text) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
        closing.push(socket);
        OutputStream to = socket.getOutputStream();
        to.write(text.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Returns what came until the other side ended it; "closed" if that was not in order. */
    private static String all(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "closed";
        }
    }

    /** The process may have no free file descriptor for a moment. */
    @Test
    void aFailureToAcceptPasses() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Connections.Door door = () -> {
            if (calls.incrementAndGet() <= FAILURES) {
                throw new IOException("Too many open files");
            }
            return server.accept();
        };
        closing.push(Connections.serve(MOST, server, door, this::answer));
        assertEquals("ONE\n", all(send("one\n")));
        assertEquals("TWO\n", all(send("two\n")));
    }

    @Test
    void theClientThatIsWaitedForLongestMakesRoom() throws IOException {
        serve();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 2 * MOST; i++) {
            silent.add(send("half"));
            assertEquals("WHOLE\n", all(send("whole\n")));
        }
        assertEquals("", all(silent.get(0)), "the first one was closed");
        silent.get(2 * MOST - 1).getOutputStream().write('\n');
        assertEquals("HALF\n", all(silent.get(2 * MOST - 1)), "the last one was not");
    }

    @Test
    void whoDoesNotReadMakesRoom() throws IOException {
        serve();
        for (int i = 0; i < 2 * MOST; i++) {
            send("unread\n");
        }
        assertEquals("WHOLE\n", all(send("whole\n")));
    }

    @Test
    void whoWaitsForUsIsNotClosed() throws Exception {
        serve();
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            waiting.add(send("wait\n"));
        }
        working.await();
        assertEquals("", all(send("")), "one too many");
        released.countDown();
        for (Socket socket : waiting) {
            assertEquals("WAIT\n", all(socket));
        }
    }
}
