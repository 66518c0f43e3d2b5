package org.example.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Position;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.FaultyTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A web service that keeps what is posted to it, and fails when it is told to. */
final class Receiver implements FaultyTarget {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AtomicInteger untilFault = new AtomicInteger(-1);
    private final HttpServer server;
    private volatile boolean failed;

    Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/changes", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean fails = untilFault.getAndDecrement() == 0;
            if (fails) {
                failed = true;
            } else {
                body.lines().forEach(lines::add);
            }
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        }
    }

    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/changes");
    }

    /** All lines, in the order in which they came. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public Sink open() {
        return new HttpSink(url(), HttpClient.newHttpClient(), new NativeFormat());
    }

    @Override
    public List<Received> received() {
        return lines.stream().map(line -> new Received(position(line), line)).toList();
    }

    private static Position position(String line) {
        String start = "{\"position\":\"";
        return Position.parse(line.substring(start.length(), line.indexOf('"', start.length())));
    }

    @Override
    public void failAfter(int operations) {
        untilFault.set(operations);
    }

    @Override
    public boolean hasFailed() {
        return failed;
    }

    /** It keeps what it has answered for, and the sink waits for each answer: there is nothing to lose. */
    @Override
    public void crash() {}

    @Override
    public boolean exactlyOnce() {
        return false;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
