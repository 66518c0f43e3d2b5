package io.pgcdc.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the server answers, and what. Requests are written byte by byte: a client's library would correct them. */
class HttpServiceTest {

    private static final Map<String, Page> PAGES = Map.of(
            "/status", request -> Answer.json(200, "{}"),
            "/broken",
                    request -> {
                        throw new IllegalStateException("a secret");
                    });

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
}
