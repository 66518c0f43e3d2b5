package io.pgcdc.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.servers.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the server answers, and what. Requests are written byte by byte: a client's library would correct them. */
class HttpServiceTest {

    private static final Map<String, Page> PAGES = Map.of(
            "/status", request -> Answer.json(200, "{}"),
            "/query", request -> Answer.json(200, request.query()),
            "/stream", request -> Answer.stream("text/plain", new Endless()),
            "/public", Page.open(request -> Answer.text(200, request.isTrusted() ? "all" : "little")),
            "/broken",
                    request -> {
                        throw new IllegalStateException("a secret");
                    });

    /** Writes now and then. */
    private static final class Endless implements Answer.Stream {

        @Override
        public void run(Answer.Output to) throws IOException, InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                to.write(new byte[] {'x'}, 0, 1);
            }
        }

        @Override
        public void close() {}
    }

    @TempDir
    Path directory;

    private static HttpService start(HttpConfig config) {
        return HttpService.start(config, PAGES);
    }

    private static HttpConfig loopback() {
        return new HttpConfig("127.0.0.1", 0, null, List.of("cdc.example.com"), List.of(), true);
    }

    private static String send(HttpService service, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
                OutputStream to = socket.getOutputStream()) {
            to.write(request.getBytes(StandardCharsets.ISO_8859_1));
            to.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "Host: localhost, 200",
        "Host: LOCALHOST:1234, 200",
        "Host: 127.0.0.1:9187, 200",
        "Host: [::1]:9187, 200",
        "Host: cdc.example.com, 200",
        "Host: evil.example.com, 421",
        "Host: localhost.evil.example.com, 421",
        "Host: localhost@evil.example.com, 421",
        "Host:, 421",
        "X-Other: 1, 421"
    })
    void onlyNamesOfThisMachineAreAnswered(String header, int expected) throws IOException {
        try (HttpService service = start(loopback())) {
            assertEquals(expected, status(send(service, get("/status", header))));
        }
    }

    @Test
    void twoHostsAreNoHost() throws IOException {
        try (HttpService service = start(loopback())) {
            assertEquals(421, status(send(service, get("/status", "Host: localhost", "Host: evil.example.com"))));
        }
    }

    @Test
    void pagesOnlyRead() throws IOException {
        try (HttpService service = start(loopback())) {
            String post = "POST /status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            assertEquals(405, status(send(service, post)));
            String head = send(service, get("/status", "Host: localhost").replace("GET", "HEAD"));
            assertTrue(head.startsWith("HTTP/1.1 200") && head.endsWith("\r\n\r\n"), head);
            assertEquals(404, status(send(service, get("/status/../../etc/passwd", "Host: localhost"))));
        }
    }

    @Test
    void anErrorTellsNothing() throws IOException {
        try (HttpService service = start(loopback())) {
            String answer = send(service, get("/broken", "Host: localhost"));
            assertEquals(500, status(answer));
            assertTrue(!answer.contains("secret"), answer);
        }
    }

    @Test
    void aTokenIsAskedForAndReadAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "first\n");
        try (HttpService service = start(new HttpConfig("0.0.0.0", 0, file))) {
            assertEquals(401, status(send(service, get("/status", "Host: any"))));
            assertEquals(200, status(send(service, get("/status", "Host: any", "Authorization: Bearer first"))));
            assertEquals(401, status(send(service, get("/status", "Host: any", "Authorization: Bearer firs"))));
            assertEquals(401, status(send(service, get("/status?token=first", "Host: any"))));
            assertEquals(401, status(send(service, get("/status", "Host: any", "Authorization: Basic first"))));
            assertTrue(send(service, get("/public", "Host: any")).endsWith("little\n"));
            assertTrue(send(service, get("/public", "Host: any", "Authorization: Bearer firs"))
                    .endsWith("little\n"));
            assertTrue(send(service, get("/public", "Host: any", "Authorization: Bearer first"))
                    .endsWith("all\n"));
            Files.writeString(file, "second");
            assertEquals(401, status(send(service, get("/status", "Host: any", "Authorization: Bearer first"))));
            assertEquals(200, status(send(service, get("/status", "Host: any", "Authorization: Bearer second"))));
            Files.writeString(file, "");
            assertEquals(401, status(send(service, get("/status", "Host: any", "Authorization: Bearer "))));
            Files.delete(file);
            assertEquals(401, status(send(service, get("/status", "Host: any", "Authorization: Bearer second"))));
        }
    }

    @Test
    void whatCannotBeServedIsSaid() throws IOException {
        refused("token_file, or listen on 127.0.0.1", new HttpConfig("0.0.0.0", 0, null));
        refused("NoSuchFile", new HttpConfig("127.0.0.1", 0, directory.resolve("none")));
        Path empty = Files.writeString(directory.resolve("empty"), " \n");
        refused("it is empty", new HttpConfig("127.0.0.1", 0, empty));
        refused("no such host", new HttpConfig("no-such-host.invalid", 0, empty));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("already in use", new HttpConfig("127.0.0.1", taken.getLocalPort(), null));
        }
    }

    private static void refused(String why, HttpConfig config) {
        QueueException refused =
                assertThrows(QueueException.class, () -> start(config).close());
        assertEquals(ErrorCode.HTTP_UNAVAILABLE, refused.code());
        assertTrue(refused.describe().contains(why), refused.describe());
    }

    private static HttpConfig withOrigins(Path token) {
        return new HttpConfig("127.0.0.1", 0, token, List.of(), List.of("https://shop.example.com"), true);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: https://shop.example.com, 200",
        "Origin: http://localhost, 200",
        "Origin: https://evil.example.com, 403",
        "Origin: null, 403",
        "Sec-Fetch-Site: same-origin, 200",
        "Sec-Fetch-Site: none, 200",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403"
    })
    void pagesOfOtherOriginsAreAnsweredOnlyIfAllowed(String header, int expected) throws IOException {
        try (HttpService service = start(withOrigins(null))) {
            assertEquals(expected, status(send(service, get("/status", "Host: localhost", header))));
        }
    }

    @Test
    void onlyALinkToTheConsoleMayBeFollowedFromElsewhere() throws IOException {
        try (HttpService service = start(loopback())) {
            String[] headers = {
                "Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"
            };
            String link = get("/public", headers);
            assertEquals(403, status(send(service, get("/status", headers))));
            assertEquals(403, status(send(service, link.replace("document", "iframe"))));
            assertEquals(200, status(send(service, link)));
        }
    }

    @Test
    void anAllowedOriginMayReadTheAnswerAndSendTheToken() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "first");
        try (HttpService service = start(withOrigins(file))) {
            String origin = "Origin: https://shop.example.com";
            String asked = send(service, get("/status", "Host: any", origin).replace("GET", "OPTIONS"));
            assertEquals(200, status(asked));
            assertTrue(asked.contains("Access-control-allow-headers: Authorization, Last-Event-ID"), asked);
            assertEquals(401, status(send(service, get("/status", "Host: any", origin))));
            String answer = send(service, get("/status", "Host: any", origin, "Authorization: Bearer first"));
            assertTrue(answer.contains("Access-control-allow-origin: https://shop.example.com"), answer);
            String foreign = get("/status", "Host: any", "Authorization: Bearer first");
            assertFalse(send(service, foreign).contains("llow-origin"));
            assertEquals(
                    401, status(send(service, foreign.replace("GET", "OPTIONS").replace("first", "x"))));
        }
    }

    /** The console's files: a browser that opens an address sends no token. */
    @Test
    void aPublicPageNeedsNoToken() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "first");
        try (HttpService service = start(new HttpConfig("127.0.0.1", 0, file))) {
            assertEquals(200, status(send(service, get("/public", "Host: any"))));
            assertEquals(401, status(send(service, get("/none", "Host: any"))));
        }
    }

    @ParameterizedTest
    @CsvSource({"/query?a=1&b=%20x&c, 200", "/query?a=%zz, 400", "/query?a=1&a=2, 200"})
    void aQueryIsReadOrRefused(String path, int expected) throws IOException {
        try (HttpService service = start(loopback())) {
            String answer = send(service, get(path, "Host: localhost"));
            assertEquals(expected, status(answer), answer);
        }
    }

    /** Ten clients more than there are streams: pages are answered meanwhile, and an ended stream makes room. */
    @Test
    void streamsLeaveRoomForPages() throws IOException {
        List<Socket> clients = new ArrayList<>();
        try (HttpService service = start(loopback())) {
            int full = 0;
            for (int i = 0; i < 74; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port());
                clients.add(client);
                client.getOutputStream().write(get("/stream", "Host: localhost").getBytes(StandardCharsets.ISO_8859_1));
                full += first(client).contains("503") ? 1 : 0;
            }
            assertEquals(10, full);
            assertEquals(200, status(send(service, get("/status", "Host: localhost"))));
            clients.get(0).close();
            Await.until("room for a stream", () -> {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                    client.getOutputStream()
                            .write(get("/stream", "Host: localhost").getBytes(StandardCharsets.ISO_8859_1));
                    return first(client).contains("200");
                }
            });
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static String first(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
    }

    /** A connection that does not take its bytes is closed, and its thread works on. */
    @Test
    void aWriteThatTakesTooLongEnds() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(null);
                SocketChannel client = SocketChannel.open(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.socket().getLocalPort()));
                SocketChannel accepted = server.accept();
                StalledWrites writes = new StalledWrites()) {
            ByteBuffer much = ByteBuffer.allocate(1 << 26);
            assertThrows(
                    ClosedByInterruptException.class,
                    () -> writes.within(50, () -> {
                        while (much.hasRemaining()) {
                            accepted.write(much);
                        }
                    }));
            assertFalse(Thread.currentThread().isInterrupted());
            assertFalse(accepted.isOpen());
            assertTrue(client.isOpen());
            writes.within(50, () -> {});
        }
    }
}
