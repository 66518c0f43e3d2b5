package io.pgcdc.cli.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests with pages that only read. Any thread. */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

    /** Connections at a time. Each may have a thread, so that one that sends slowly holds up no other. */
    private static final int MOST_CONNECTIONS = 160;

    /** Of these, streams. The others are left for pages. */
    private static final int MOST_STREAMS = 64;

    /** A client that does not take an answer in this time is gone. */
    private static final long STALLED_PAGE_MS = 10_000;

    /** A client that does not take a piece of a stream in this time is gone. It may be busy with what it got. */
    private static final long STALLED_STREAM_MS = 60_000;

    private static final String RETRY_AFTER_S = "5";

    private static final long IDLE_SECONDS = 30;
    private static final int BACKLOG = 128;

    static {
        // a limit of the JDK's server, in seconds: a client that sends slowly is let go. Its limit of an answer's time
        // would end streams
        setDefault("sun.net.httpserver.maxReqTime", "5");
        setDefault("sun.net.httpserver.idleInterval", Long.toString(IDLE_SECONDS));
        // otherwise clients could use up the file descriptors, which the queue needs
        setDefault("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
        setDefault("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final HttpGuard guard;
    private final Map<String, Page> pages = new TreeMap<>();
    private final StalledWrites writes = new StalledWrites();
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    private HttpService(HttpServer server, HttpConfig config, Map<String, Page> pages) {
        this.server = server;
        this.pages.putAll(pages);
        guard = new HttpGuard(config);
        threads = new ThreadPoolExecutor(
                0, MOST_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "cdc-http");
                    thread.setDaemon(true);
                    return thread;
                });
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
            HttpServer server = HttpServer.create(new InetSocketAddress(host, config.port()), BACKLOG);
            HttpService service = new HttpService(server, config, pages);
            server.createContext("/", service::answer);
            server.setExecutor(service.threads);
            server.start();
            LOG.info("console, feeds, metrics, health and status: http://{}:{}", config.hostInUrl(), service.port());
            return service;
        } catch (UnknownHostException e) {
            throw unavailable(at, "no such host", "Write an address of this machine in http.listen.", e);
        } catch (IOException e) {
            throw unavailable(
                    at, String.valueOf(e.getMessage()), "Choose another port, or end the process that has it.", e);
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

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Returns the port where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** @throws IOException the client is gone: the JDK's server then forgets the connection, which it counts until then */
    private void answer(HttpExchange exchange) throws IOException {
        try {
            Answer answer = answerTo(exchange);
            if (answer.body() instanceof Answer.Stream stream) {
                try (stream) {
                    stream(exchange, answer, stream);
                }
            } else if (answer.body() instanceof Answer.Whole whole) {
                writes.within(STALLED_PAGE_MS, () -> send(exchange, answer, whole.bytes()));
            }
            writes.within(STALLED_PAGE_MS, exchange::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server ends
            throw new InterruptedIOException();
        }
    }

    private Answer answerTo(HttpExchange exchange) throws InterruptedException {
        try {
            return decide(exchange);
        } catch (BadRequestException e) {
            return Answer.text(400, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("a request for {} failed: {}", exchange.getRequestURI().getPath(), e.toString());
            LOG.debug("the error's trace", e);
            return Answer.text(500, "the answer could not be made; see the log");
        }
    }

    private Answer decide(HttpExchange exchange) throws IOException, InterruptedException {
        String method = exchange.getRequestMethod();
        Page page = pages.get(exchange.getRequestURI().getPath());
        HttpGuard.Refused refused = guard.refuse(exchange, page != null && page.isPublic());
        if (refused != null) {
            return Answer.text(refused.status(), refused.why());
        }
        if (method.equals("OPTIONS") && guard.allowedOrigin(exchange) != null) {
            return Answer.text(200, "").with("Access-Control-Allow-Headers", "Authorization, Last-Event-ID");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Answer.text(405, "only GET and HEAD are answered");
        }
        return page == null
                ? Answer.text(404, "there are only " + pages())
                : page.read(HttpRequest.of(exchange, guard.isTrusted(exchange)));
    }

    /** Returns the paths that somebody may look for: not those of the console's own files. */
    private String pages() {
        return pages.keySet().stream()
                .filter(path -> !path.startsWith("/console/"))
                .collect(Collectors.joining(", "));
    }

    private void send(HttpExchange exchange, Answer answer, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        headers(exchange, answer);
        exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
        if (!head) {
            try (OutputStream to = exchange.getResponseBody()) {
                to.write(body);
            }
        }
    }

    private void headers(HttpExchange exchange, Answer answer) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        answer.headers().forEach(headers::set);
        String origin = guard.allowedOrigin(exchange);
        if (origin != null) {
            headers.set("Access-Control-Allow-Origin", origin);
            headers.set("Vary", "Origin");
        }
    }

    private void stream(HttpExchange exchange, Answer answer, Answer.Stream stream)
            throws IOException, InterruptedException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            writes.within(STALLED_PAGE_MS, () -> send(exchange, answer, new byte[0]));
            return;
        }
        if (!streams.tryAcquire()) {
            boolean events = Answer.EVENT_STREAM.equals(answer.headers().get("Content-Type"));
            Answer busy = events
                    ? Answer.tryAgain()
                    : Answer.text(503, "there are " + MOST_STREAMS + " streams already; end one, or try again")
                            .with("Retry-After", RETRY_AFTER_S);
            byte[] body = ((Answer.Whole) busy.body()).bytes();
            writes.within(STALLED_PAGE_MS, () -> send(exchange, busy, body));
            return;
        }
        try {
            headers(exchange, answer);
            OutputStream to = exchange.getResponseBody();
            writes.within(STALLED_PAGE_MS, () -> {
                exchange.sendResponseHeaders(answer.status(), 0);
                to.flush(); // the client must not wait for the first change to know that it is connected
            });
            stream.run((bytes, offset, length) -> writes.within(STALLED_STREAM_MS, () -> {
                to.write(bytes, offset, length);
                to.flush();
            }));
            writes.within(STALLED_PAGE_MS, to::close);
        } finally {
            streams.release();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        writes.close();
        threads.shutdownNow();
        try {
            boolean unused = threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
