package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client of a feed that is killed now and then, and begins again after the last change that it got whole. One thread. */
final class FeedReader {

    private static final int MOST_BYTES = 40_000;
    private static final int QUIET_MS = 100;

    private final int port;
    private final String query;
    private final Random random;
    private final List<String> records = new ArrayList<>();
    private @Nullable String last;

    /** @param query beside the place */
    FeedReader(int port, String query, Random random) {
        this.port = port;
        this.query = query;
        this.random = random;
    }

    /** Returns the records that it got, in order. */
    List<String> records() {
        return records;
    }

    /** Connects, reads some bytes, and resets the connection. */
    void readAndDie() throws IOException {
        boolean events = random.nextBoolean();
        int limit = 1 + random.nextInt(MOST_BYTES);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0); // no orderly end
            socket.setSoTimeout(QUIET_MS);
            // most of them need not wait to know that they have all
            String follow = random.nextInt(8) == 0 ? "" : "&follow=false";
            String request = "GET /changes?" + query + follow + (last == null ? "&from=beginning" : "&from=" + last)
                    + " HTTP/1.0\r\nHost: localhost\r\n" + (events ? "Accept: text/event-stream\r\n" : "") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            take(new String(read(socket.getInputStream(), limit), StandardCharsets.UTF_8));
        }
    }

    /** Reads as many bytes, or those that are there. */
    private static byte[] read(InputStream from, int limit) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] bytes = new byte[limit];
        try {
            int count = from.read(bytes);
            while (count > 0 && all.size() < limit) {
                all.write(bytes, 0, count);
                count = from.read(bytes);
            }
        } catch (SocketTimeoutException e) {
            // that was all
        }
        return all.toByteArray();
    }

    /** Takes the whole lines: the last one may be cut. */
    private void take(String text) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            String line = lines[i].startsWith("data: ") ? lines[i].substring("data: ".length()) : lines[i];
            if (line.startsWith("{\"position\":")) {
                records.add(line);
                last = line.split("\"")[3];
            }
        }
    }

    /** Reads to where the queue ends now. */
    void readToTheEnd() throws Exception {
        HttpResponse<Stream<String>> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/changes?follow=false&" + query
                                        + (last == null ? "&from=beginning" : "&from=" + last)))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        assertEquals(200, answer.statusCode());
        try (Stream<String> lines = answer.body()) {
            lines.forEach(line -> take(line + "\n"));
        }
    }
}
