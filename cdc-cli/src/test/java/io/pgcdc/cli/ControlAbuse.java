package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Somebody who sends a control socket what it does not expect, and checks the answers. */
final class ControlAbuse {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NOBODY = "nobody";
    private static final String NOTHING = "public.nothing";
    private static final int LONG_LINE = (1 << 20) + 100;
    private static final int CROWD = 40;
    private static final int UNREAD = 200;

    /** One request with each command. Those that change something name what is not there. */
    private static final List<String> REQUESTS = List.of(
            "{\"command\":\"status\"}",
            "{\"command\":\"snapshots\"}",
            "{\"command\":\"pause\",\"sinks\":[\"nobody\"]}",
            "{\"command\":\"resume\",\"sinks\":[\"nobody\",\"out\"]}",
            "{\"command\":\"retry\",\"sinks\":[\"nobody\"]}",
            "{\"command\":\"plan-replay\",\"sink\":\"out\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":null,\"tables\":[\"public.probe\"],\"reset\":false}",
            "{\"command\":\"plan-replay\",\"sink\":\"out\",\"from\":\"0/16B3748:0\",\"to\":\"0/16B3749:r1\",\"tables\":[],\"reset\":true}",
            "{\"command\":\"replay\",\"sink\":\"nobody\",\"from\":\"0/16B3748:0\"}",
            "{\"command\":\"cancel-replay\",\"sink\":\"nobody\"}",
            "{\"command\":\"snapshot\",\"tables\":[\"public.nothing\"],\"where\":\"id = 1\",\"sinks\":[\"nobody\"],\"reconcile\":true}",
            "{\"command\":\"pause-snapshot\",\"id\":\"none\"}",
            "{\"command\":\"resume-snapshot\",\"id\":\"none\"}",
            "{\"command\":\"cancel-snapshot\",\"id\":\"none\"}");

    private static final Pattern VALUE = Pattern.compile("(?<=:)(\"[^\"]*\"|\\[[^]]*]|null|true|false)");

    /** Of another type, at a limit, or of no meaning. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1e999999999",
            "\"\"",
            "\"\\u0000\"",
            "[]",
            "[null]",
            "[[\"nobody\"]]",
            "{}",
            "{\"command\":\"pause\"}",
            "\"0/0:0\"",
            "\"FFFFFFFF/FFFFFFFF:9223372036854775807\"",
            "\"0/1:r99999999999999999999\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"+999999999-12-31T23:59:59Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "[\"public.nothing\",\"*.*\"]",
            "[\"out\",\"out\",\"nobody\"]",
            "\"); DROP TABLE probe; --\"",
            "[".repeat(2_000) + "]".repeat(2_000));

    /** The commands that change something. */
    private static final Set<String> ORDERS = Set.of("pause", "resume", "retry", "replay", "cancel-replay", "snapshot");

    /** The commands that may succeed. */
    private static final Set<String> QUESTIONS = Set.of("status", "snapshots", "plan-replay");

    private final Path socket;
    private final Random random;
    private final Mutations mutations;
    private int answers;
    private int accepted;

    ControlAbuse(Path socket, Random random) {
        this.socket = socket;
        this.random = random;
        mutations = new Mutations(random);
    }

    /** Number of answers, all of them in order. */
    int answers() {
        return answers;
    }

    /** Number of requests that were answered as asked, because they stayed valid. */
    int accepted() {
        return accepted;
    }

    /** Sends one request or one piece of garbage, in any of several ways. */
    void once() throws IOException {
        try {
            switch (random.nextInt(1_000)) {
                case 0 -> crowd();
                case 1, 2 -> longLine();
                case 3, 4 -> neverRead();
                default -> connection();
            }
        } catch (IOException e) {
            // the server has closed the connection, as it may
        }
    }

    /** Sends what could be meant as a request, and is none. */
    void requireRefusals() throws IOException {
        List<String> lines = List.of(
                "",
                "[]",
                "null",
                "\"status\"",
                "{}",
                "{\"command\":null}",
                "{\"command\":\"status\"",
                "{\"command\":\"status\"} {\"command\":\"pause\"}",
                "{\"command\":\"status\",\"command\":\"status\"}",
                "{\"command\":\"status\",\"sinks\":[]}",
                "{\"command\":\"STATUS\"}");
        try (SocketChannel channel = connect()) {
            BufferedReader from = reader(channel);
            for (String line : lines) {
                send(channel, (line + "\n").getBytes(StandardCharsets.UTF_8));
                JsonNode answer = JSON.readTree(from.readLine());
                assertEquals(
                        ErrorCode.CONTROL_REFUSED.toString(),
                        answer.path("code").asText(),
                        line);
            }
        }
    }

    /** Asks for the status, as {@code cdc status} does. */
    void requireAnswer() throws IOException {
        try (SocketChannel channel = connect()) {
            send(channel, "{\"command\":\"status\"}\n".getBytes(StandardCharsets.UTF_8));
            JsonNode answer = JSON.readTree(reader(channel).readLine());
            assertTrue(answer.path("ok").asBoolean(), answer.toString());
            assertEquals("running", answer.path("status").path("state").asText());
            assertEquals("running", answer.at("/status/sinks/0/state").asText());
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static BufferedReader reader(SocketChannel channel) {
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    private void connection() throws IOException {
        byte[] garbage = garbage();
        try (SocketChannel channel = connect()) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    // closed at once, with an answer on its way
                    send(channel, garbage);
                    if (random.nextBoolean()) {
                        send(channel, new byte[] {'\n'});
                    }
                }
                case 1 -> {
                    // half a line
                    send(
                            channel,
                            new String(garbage, StandardCharsets.ISO_8859_1)
                                    .replace('\n', ' ')
                                    .getBytes(StandardCharsets.ISO_8859_1));
                    channel.shutdownOutput();
                    assertEquals(-1, reader(channel).read(), "half a line has no answer");
                }
                default -> {
                    send(channel, garbage);
                    send(channel, new byte[] {'\n'});
                    channel.shutdownOutput();
                    requireAnswers(channel, garbage);
                }
            }
        }
    }

    private void requireAnswers(SocketChannel channel, byte[] sent) throws IOException {
        BufferedReader from = reader(channel);
        for (String line : (new String(sent, StandardCharsets.UTF_8) + "\n").split("\n", -1)) {
            String text = from.readLine();
            if (text == null) {
                break; // the last one is what follows the last line's end
            }
            JsonNode answer = JSON.readTree(text);
            answers++;
            if (answer.path("ok").asBoolean()) {
                accepted++;
                assertTrue(QUESTIONS.contains(command(line)), line + " was answered by " + answer);
            } else {
                assertTrue(answer.path("code").asText().matches("CDC-[0-9]{3}"), answer.toString());
                assertNotEquals(
                        ErrorCode.INTERNAL.toString(), answer.path("code").asText(), line + ": " + answer);
            }
        }
        int lines = (int) new String(sent, StandardCharsets.ISO_8859_1)
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        assertEquals(-1, from.read(), () -> lines + " lines have more answers");
    }

    /** Returns what is no order. */
    private byte[] garbage() {
        byte[] garbage;
        do {
            garbage = random.nextInt(5) == 0 ? mutations.bytes(random.nextInt(300)) : mutated();
        } while (isOrder(new String(garbage, StandardCharsets.UTF_8)));
        return garbage;
    }

    private byte[] mutated() {
        String request = REQUESTS.get(random.nextInt(REQUESTS.size()));
        return switch (random.nextInt(8)) {
            case 0 -> request.getBytes(StandardCharsets.UTF_8);
            case 1, 2, 3 -> otherValue(request).getBytes(StandardCharsets.UTF_8);
            default -> mutations.of(request.getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Returns the request with another value in one of its places. */
    private String otherValue(String request) {
        List<MatchResult> values = VALUE.matcher(request).results().toList();
        MatchResult value = values.get(random.nextInt(values.size()));
        String other = VALUES.get(random.nextInt(VALUES.size()));
        return request.substring(0, value.start()) + other + request.substring(value.end());
    }

    /** Returns true if a line may be a valid request that changes something: it names nothing that is not there. */
    private static boolean isOrder(String lines) {
        return lines.lines().anyMatch(line -> ORDERS.contains(command(line)) && !namesNothing(line));
    }

    private static boolean namesNothing(String line) {
        JsonNode request = parse(line);
        List<String> names = new ArrayList<>(List.of(request.path("sink").asText()));
        request.path("sinks").forEach(name -> names.add(name.asText()));
        request.path("tables").forEach(name -> names.add(name.asText()));
        return names.contains(NOBODY) || names.contains(NOTHING);
    }

    private static String command(String line) {
        return parse(line).path("command").asText();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private void longLine() throws IOException {
        try (SocketChannel channel = connect()) {
            byte[] line = new byte[LONG_LINE];
            java.util.Arrays.fill(line, (byte) (random.nextBoolean() ? '[' : ' '));
            send(channel, line);
            assertEquals(-1, reader(channel).read(), "a line that is too long has no answer");
        }
    }

    private void neverRead() throws IOException {
        try (SocketChannel channel = connect()) {
            channel.configureBlocking(false);
            byte[] request = "{\"command\":\"status\"}\n".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < UNREAD; i++) {
                int unused = channel.write(ByteBuffer.wrap(request));
            }
        }
    }

    /** More clients than may be connected, each with half a line: who comes after them has an answer. */
    void crowd() throws IOException {
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                SocketChannel one = connect();
                crowd.add(one);
                send(one, new byte[] {'{'});
            }
            requireAnswer();
        } finally {
            for (SocketChannel one : crowd) {
                one.close();
            }
        }
    }
}
