package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Somebody who sends an HTTP server what it does not expect, and checks the answers. */
final class HttpAbuse {

    private static final List<String> PAGES = List.of(
            "/metrics",
            "/status",
            "/health/live",
            "/health/ready",
            "/",
            "/console/console.css",
            "/tables",
            "/history",
            "/changes?sink=live&from=beginning&follow=false&tables=public.probe");

    private static final List<String> STREAMS = List.of(
            "/changes",
            "/changes?sink=live&pipeline=watched_slot&from=0/1:0",
            "/changes?from=now&progress=true",
            "/tail?sink=out&tables=public.*&contains=new_data");
    private static final String HEADERS =
            " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
    private static final int LONG = 1 << 20;

    /** Of the connections that the server has at a time. */
    private static final int MOST_ABORTED = 32;

    /** Longer than the server waits for a client that does not read. */
    private static final long COUNTED_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final int port;
    private final Random random;
    private final Mutations mutations;
    private final Deque<Long> aborted = new ArrayDeque<>();
    private int answers;
    private int accepted;

    HttpAbuse(int port, Random random) {
        this.port = port;
        this.random = random;
        mutations = new Mutations(random);
    }

    int answers() {
        return answers;
    }

    /** Number of answers 200. */
    int accepted() {
        return accepted;
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Sends one request or one piece of garbage. */
    void once() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(garbage());
            // half of them do not wait for the answer
            if (random.nextBoolean() || !mayAbort()) {
                socket.shutdownOutput();
                check(answer(socket));
            }
        } catch (IOException e) {
            // the server has closed the connection, as it may
        }
    }

    private void check(String answer) {
        if (answer.isEmpty()) {
            return; // the request had no end
        }
        answers++;
        assertTrue(answer.matches("(?s)HTTP/1\\.1 [2-5][0-9][0-9] .*\r\n\r\n.*"), answer);
        assertFalse(answer.startsWith("HTTP/1.1 500"), answer);
        accepted += answer.startsWith("HTTP/1.1 200") ? 1 : 0;
    }

    private byte[] garbage() {
        if (random.nextInt(1_000) == 0) {
            byte[] endless = new byte[LONG];
            java.util.Arrays.fill(endless, (byte) (random.nextBoolean() ? 'a' : '\n'));
            return endless;
        }
        return random.nextInt(5) == 0 ? mutations.bytes(random.nextInt(300)) : mutations.of(request(page()));
    }

    private String page() {
        List<String> pages = random.nextInt(3) == 0 ? STREAMS : PAGES;
        return pages.get(random.nextInt(pages.size()));
    }

    static byte[] request(String page) {
        return ("GET " + page + HEADERS).getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the answer; of a stream, its beginning. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        InputStream from = socket.getInputStream();
        byte[] bytes = new byte[8_192];
        for (int count = from.read(bytes); count > 0; count = from.read(bytes)) {
            answer.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            if (answer.indexOf("\r\n\r\n") > 0 && answer.indexOf("Transfer-encoding: chunked") > 0) {
                break;
            }
        }
        return answer.toString();
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** The server counts a connection whose answer was not taken for some seconds: it must not be full of them. */
    private boolean mayAbort() {
        long now = System.nanoTime();
        aborted.removeIf(then -> now - then > COUNTED_NANOS);
        return aborted.size() < MOST_ABORTED && aborted.add(now);
    }

    /** Asks for each page as a monitor does. For the feed, it waits until the server has noticed that other clients are gone. */
    void requireAnswers() throws IOException {
        Await.until("room for a stream", () -> {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(request(PAGES.get(PAGES.size() - 1)));
                return all(socket).startsWith("HTTP/1.1 200 OK");
            }
        });
        for (String page : PAGES) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(request(page));
                String answer = all(socket);
                assertEquals("HTTP/1.1 200 OK", answer.lines().findFirst().orElse(""), page);
            }
        }
    }
}
