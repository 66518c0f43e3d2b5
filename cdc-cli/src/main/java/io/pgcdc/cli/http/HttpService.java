package io.pgcdc.cli.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests with pages that only read. Any thread. */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

    /** Connections at a time. Each may have a thread, so that one that sends slowly holds up no other. */
    private static final int MOST_CONNECTIONS = 64;

    private static final long IDLE_SECONDS = 30;
    private static final int BACKLOG = 16;

    static {
        // limits of the JDK's server, in seconds: a client that sends slowly, or does not read, is let go
        setDefault("sun.net.httpserver.maxReqTime", "5");
        setDefault("sun.net.httpserver.maxRspTime", "10");
        setDefault("sun.net.httpserver.idleInterval", Long.toString(IDLE_SECONDS));
        // otherwise clients could use up the file descriptors, which the queue needs
        setDefault("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
        setDefault("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final HttpGuard guard;
    private final Map<String, Page> pages = new TreeMap<>();

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
            LOG.info("metrics, health and status: http://{}:{}", config.host(), service.port());
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

    private void answer(HttpExchange exchange) {
        try (exchange) {
            Answer answer;
            try {
                answer = answerTo(exchange);
            } catch (IOException | RuntimeException e) {
                LOG.warn("a request for {} failed: {}", exchange.getRequestURI().getPath(), e.toString());
                answer = new Answer(500, "text/plain; charset=utf-8", "the answer could not be made; see the log\n");
            }
            send(exchange, answer);
        } catch (IOException e) {
            LOG.debug("a client has gone", e);
        }
    }

    private Answer answerTo(HttpExchange exchange) throws IOException {
        HttpGuard.Refused refused = guard.refuse(exchange);
        if (refused != null) {
            return text(refused.status(), refused.why());
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return text(405, "only GET and HEAD are answered");
        }
        Page page = pages.get(exchange.getRequestURI().getPath());
        return page == null
                ? text(404, "there are only " + String.join(", ", pages.keySet()))
                : page.read(exchange.getRequestHeaders().getFirst("Accept"));
    }

    private static Answer text(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", text + "\n");
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
        if (!head) {
            try (OutputStream to = exchange.getResponseBody()) {
                to.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            boolean unused = threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
