package io.pgcdc.cli.http;

import io.pgcdc.cli.connection.Connection;
import io.pgcdc.cli.connection.Connections;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests with pages that only read. Any thread. */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

    private static final int MOST_CONNECTIONS = 32;
    private static final int BACKLOG = 64;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            405, "Method Not Allowed",
            421, "Misdirected Request",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private final int port;
    private final HttpGuard guard;
    private final Map<String, Page> pages = new TreeMap<>();
    private final Connections connections;

    /** Makes what a path answers. Any thread. */
    public interface Page {

        /**
         * Returns the answer.
         *
         * @param accept the request's header of that name; null: it has none
         */
        Answer read(@Nullable String accept) throws IOException;
    }

    /**
     * An answer.
     *
     * @param type of the content
     */
    public record Answer(int status, String type, String body) {

        /** Returns JSON. */
        public static Answer json(int status, Object json) {
            return new Answer(status, "application/json", json + "\n");
        }
    }

    private HttpService(ServerSocketChannel server, HttpConfig config, Map<String, Page> pages) {
        port = server.socket().getLocalPort();
        guard = new HttpGuard(config);
        this.pages.putAll(pages);
        connections = Connections.serve("http", MOST_CONNECTIONS, server, this::serve);
    }

    /**
     * Starts to answer.
     *
     * @param pages by path
     * @throws QueueException HTTP_UNAVAILABLE: the address is not this machine's, or another process has it; or it needs a token that cannot be
     *     read
     */
    public static HttpService start(HttpConfig config, Map<String, Page> pages) {
        String at = config.host() + ":" + config.port();
        try {
            InetAddress host = InetAddress.getByName(config.host());
            requireToken(config, host);
            HttpService service = new HttpService(bind(new InetSocketAddress(host, config.port())), config, pages);
            LOG.info("metrics, health and status: http://{}:{}", config.host(), service.port());
            return service;
        } catch (UnknownHostException e) {
            throw unavailable(at, "no such host", "Write an address of this machine in http.listen.", e);
        } catch (IOException e) {
            throw unavailable(
                    at, String.valueOf(e.getMessage()), "Choose another port, or end the process that has it.", e);
        }
    }

    private static ServerSocketChannel bind(InetSocketAddress address) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            return server.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void requireToken(HttpConfig config, InetAddress host) {
        if (config.tokenFile() == null) {
            if (!host.isLoopbackAddress()) {
                throw unavailable(
                        config.host() + ":" + config.port(),
                        "others than this machine's users can reach it",
                        "Set http.token_file, or listen on 127.0.0.1.",
                        null);
            }
            return;
        }
        String why = "it is empty";
        try {
            if (HttpGuard.token(config.tokenFile()).length > 0) {
                return;
            }
        } catch (IOException e) {
            why = e.toString();
        }
        throw unavailable(
                config.host() + ":" + config.port(),
                "the token cannot be read from " + config.tokenFile() + ": " + why,
                "Write one line with a long random text there: openssl rand -hex 32.",
                null);
    }

    private static QueueException unavailable(String at, String why, String what, @Nullable Throwable cause) {
        return new QueueException(
                ErrorCode.HTTP_UNAVAILABLE, "the HTTP server cannot listen: " + why + "; " + at + ". " + what, cause);
    }

    /** Returns the port where it listens. */
    public int port() {
        return port;
    }

    /** Answers one request. A client that has more of them connects again: it does not hold a thread meanwhile. */
    private void serve(Connection connection) throws IOException {
        try {
            HttpRequest request = HttpRequest.read(new BufferedInputStream(connection.in()));
            if (request == null) {
                return;
            }
            Answer answer = connection.work(() -> answer(request));
            send(connection, answer, !request.method().equals("HEAD"));
        } catch (HttpRequest.Malformed e) {
            send(connection, text(e.status(), String.valueOf(e.getMessage())), true);
        }
        connection.finish();
    }

    private Answer answer(HttpRequest request) {
        try {
            return answerTo(request);
        } catch (IOException | RuntimeException e) {
            LOG.warn("a request for {} failed: {}", request.path(), e.toString());
            return text(500, "the answer could not be made; see the log");
        }
    }

    private Answer answerTo(HttpRequest request) throws IOException {
        HttpGuard.Refused refused = guard.refuse(request);
        if (refused != null) {
            return text(refused.status(), refused.why());
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return text(405, "only GET and HEAD are answered");
        }
        Page page = pages.get(request.path());
        return page == null
                ? text(404, "there are only " + String.join(", ", pages.keySet()))
                : page.read(request.only("accept"));
    }

    private static Answer text(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", text + "\n");
    }

    private static void send(Connection connection, Answer answer, boolean withBody) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String head = String.join(
                "\r\n",
                "HTTP/1.1 " + answer.status() + " " + REASONS.getOrDefault(answer.status(), "Error"),
                "Date: " + DATE.format(ZonedDateTime.now(ZoneOffset.UTC)),
                "Content-Type: " + answer.type(),
                "Content-Length: " + body.length,
                "Cache-Control: no-store",
                "X-Content-Type-Options: nosniff",
                "Connection: close",
                "",
                "");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        if (withBody) {
            all.writeBytes(body);
        }
        connection.out().write(all.toByteArray());
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
