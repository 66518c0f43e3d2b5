package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.error.SourceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks the pipeline that runs on a queue. One thread. */
public final class ControlClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path queue;

    /**
     * Connects for each request.
     *
     * @param queue directory of the queue
     */
    public ControlClient(Path queue) {
        this.queue = queue;
    }

    /** Returns a request without fields. */
    public static ObjectNode request(String command) {
        return JSON.createObjectNode().put("command", command);
    }

    /**
     * Sends a request and returns the answer to it.
     *
     * @throws QueueException CONTROL_UNREACHABLE: nothing runs on the queue, or it has ended meanwhile
     * @throws SourceException the pipeline refuses, with its code
     */
    public JsonNode ask(ObjectNode request) {
        JsonNode answer = exchange(request.toString());
        if (answer.path("ok").asBoolean()) {
            return answer;
        }
        String said = answer.path("code").asText();
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.toString().equals(said))
                .findFirst()
                .orElse(ErrorCode.CONTROL_REFUSED);
        throw new SourceException(code, answer.path("message").asText());
    }

    /** Returns true if a running pipeline has a socket there. It may have been killed: then {@link #ask} fails. */
    public boolean hasSocket() {
        return Files.exists(ControlPath.of(queue));
    }

    private JsonNode exchange(String line) {
        Path socket = ControlPath.of(queue);
        try {
            if (Files.exists(socket)) {
                ControlPath.requirePrivate(socket.resolveSibling(""));
            }
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                    OutputStream to = Channels.newOutputStream(channel);
                    BufferedReader from = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
                to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                String answer = Lines.next(from);
                if (answer == null) {
                    throw unreachable("it has ended, or has too many connections", null);
                }
                return JSON.readTree(answer);
            }
        } catch (IOException e) {
            throw unreachable(
                    Files.exists(socket) ? String.valueOf(e.getMessage()) : "there is no socket " + socket, e);
        }
    }

    private QueueException unreachable(String why, @Nullable Throwable cause) {
        return new QueueException(
                ErrorCode.CONTROL_UNREACHABLE,
                "no running pipeline answers for queue " + queue + ": " + why
                        + ". Start it with cdc run, or name its queue with --queue-dir or -c.",
                cause);
    }
}
