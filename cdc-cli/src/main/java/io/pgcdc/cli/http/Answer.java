package io.pgcdc.cli.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client gets: a status, headers and a body.
 *
 * @param headers beside those that each answer has
 */
public record Answer(int status, Map<String, String> headers, Body body) {

    /** Server-sent events. */
    public static final String EVENT_STREAM = "text/event-stream";

    private static final String CONTENT_TYPE = "Content-Type";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** Content. */
    public sealed interface Body permits Whole, Stream {}

    /** Content that is there. */
    @SuppressWarnings("ArrayRecordComponent") // made for one answer, and only read
    public record Whole(byte[] bytes) implements Body {}

    /** Content that comes as it arises. Closed after {@link #run}, also if that is not called. */
    public non-sealed interface Stream extends Body, AutoCloseable {

        /**
         * Writes until there is nothing more, or the client is gone. A thread of its own.
         *
         * @throws IOException the client is gone
         * @throws InterruptedException the server ends
         */
        void run(Output to) throws IOException, InterruptedException;

        @Override
        void close();
    }

    /** Takes the bytes of a stream. */
    public interface Output {

        /**
         * Sends bytes to the client. Waits while it does not read; some time after that it counts as gone.
         *
         * @throws IOException it is gone
         */
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    public static Answer of(int status, String type, String body) {
        return of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer of(int status, String type, byte[] body) {
        return new Answer(status, Map.of(CONTENT_TYPE, type), new Whole(body));
    }

    public static Answer json(int status, Object json) {
        return of(status, "application/json", json + "\n");
    }

    public static Answer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text + "\n");
    }

    public static Answer stream(String type, Stream stream) {
        return new Answer(200, Map.of(CONTENT_TYPE, type), stream);
    }

    /** Returns server-sent events that end: a browser tries again then. After another status than 200 it does not. */
    public static Answer tryAgain() {
        return of(200, EVENT_STREAM, "retry: 2000\n\n");
    }

    /** Returns the answer with one more header. */
    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }
}
