package io.pgcdc.servers.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers with Kafka's own source connector, which writes the lines of a file to a topic. */
class ConnectWorkerTest {

    private static final String LINES = "lines";

    /** A worker that was killed is missed after its session's 3 s; what remains is time for a busy machine. */
    private static final Duration LONGEST_MOVE = Duration.ofSeconds(30);

    /** What a worker with its task may take. */
    private static final long MOST_BYTES = 250L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String group = "kit-" + UUID.randomUUID();

    @TempDir
    Path directory;

    /** The connector's own tests kill workers in each build. */
    @Tag("soak")
    @Test
    void aTaskContinuesWhenItsWorkerIsKilledAndWhenTheBrokerRestarts() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            WorkerConfig config = WorkerConfig.of(broker, group).withPlugins(ConnectWorker.kafkasPlugins());
            theTaskContinues(broker, config);
        }
    }

    private void theTaskContinues(KafkaBroker broker, WorkerConfig config) throws Exception {
        try (ConnectWorker one = ConnectWorker.launch(config);
                ConnectWorker two = ConnectWorker.launch(config)) {
            one.awaitReady();
            two.awaitReady();
            write("a", "b");
            one.rest().put(LINES, source());
            two.rest().awaitRunning(LINES, 1);
            awaitLines(broker, "a", "b");

            String owner = taskOwner(one);
            ConnectWorker killed = owner.equals(one.id()) ? one : two;
            ConnectWorker left = killed == one ? two : one;
            assertTrue(left.residentBytes() < MOST_BYTES, left.residentBytes() + " bytes");
            assertTrue(killed.residentBytes() < MOST_BYTES, killed.residentBytes() + " bytes");

            long begin = System.nanoTime();
            killed.kill();
            assertFalse(killed.isAlive());
            write("c");
            left.rest()
                    .await(
                            LINES,
                            "has its task at " + left.id(),
                            status -> taskOwner(status).equals(left.id()));
            awaitLines(broker, "a", "b", "c");
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(took.compareTo(LONGEST_MOVE) < 0, "the task moved after " + took);

            killed.restart();
            killed.awaitReady();
            killed.rest().awaitRunning(LINES, 1);
            left.stop();
            write("d");
            awaitLines(broker, "a", "b", "c", "d");
            assertEquals(killed.id(), taskOwner(killed));

            broker.stop();
            broker.restart();
            write("e");
            awaitLines(broker, "a", "b", "c", "d", "e");
        }
    }

    /** The connector's own tests read and alter offsets in each build. */
    @Tag("soak")
    @Test
    void offsetsAreReadAndAlteredWhileTheConnectorIsStopped() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        WorkerConfig config = WorkerConfig.of(broker, group).atLeastOnce().withPlugins(ConnectWorker.kafkasPlugins());
        try (ConnectWorker worker = ConnectWorker.start(config)) {
            ConnectRest rest = worker.rest();
            Map<String, String> bad = source();
            bad.remove("topic");
            assertEquals(1, rest.validate(LINES, bad).path("error_count").asInt());

            write("a", "b");
            rest.put(LINES, source());
            rest.awaitRunning(LINES, 1);
            awaitLines(broker, "a", "b");
            ConnectRestException running = assertThrows(ConnectRestException.class, () -> rest.resetOffsets(LINES));
            assertEquals(400, running.status(), running.getMessage());

            rest.stop(LINES);
            JsonNode offsets = rest.offsets(LINES).path("offsets").path(0);
            assertEquals(4, offsets.path("offset").path("position").asInt(), offsets.toString());
            rest.alterOffset(LINES, offsets.path("partition"), JSON.readTree("{\"position\":2}"));
            rest.resume(LINES);
            rest.awaitRunning(LINES, 1);
            awaitLines(broker, "a", "b", "b");

            rest.put(LINES, sourceWith("topic", "no topic's name"));
            write("c");
            String trace = rest.awaitFailed(LINES);
            assertTrue(trace.contains("no topic's name"), trace);
            AssertionError failed = assertThrows(AssertionError.class, () -> rest.awaitRunning(LINES, 1));
            assertTrue(failed.getMessage().contains(trace), failed.getMessage());
            rest.delete(LINES);
            assertTrue(rest.status(LINES).isMissingNode());
        }
    }

    @Test
    void aWorkerThatCannotStartSaysWhy() {
        Map<String, String> broker = Map.of("bootstrap.servers", "127.0.0.1:1"); // it ends before it connects
        WorkerConfig config = new WorkerConfig(
                broker, group, true, List.of(), Map.of("exactly.once.source.support", "perhaps"), null, List.of());
        AssertionError error = assertThrows(AssertionError.class, () -> ConnectWorker.start(config));
        assertTrue(error.getMessage().contains("perhaps"), error.getMessage());
    }

    private Path file() {
        return directory.resolve("lines.txt");
    }

    private void write(String... lines) throws IOException {
        Files.write(file(), List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Map<String, String> source() {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "FileStreamSource");
        config.put("file", file().toString());
        config.put("topic", group);
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("topic.creation.default.partitions", "1");
        config.put("topic.creation.default.replication.factor", "1");
        return config;
    }

    private Map<String, String> sourceWith(String key, String value) {
        Map<String, String> config = source();
        config.put(key, value);
        return config;
    }

    private void awaitLines(KafkaBroker broker, String... lines) {
        assertEquals(
                List.of(lines),
                TopicReader.awaitRecords(broker.bootstrapServers(), group, lines.length).stream()
                        .map(record -> TopicReader.text(record.value()))
                        .toList());
    }

    private static String taskOwner(ConnectWorker asked) {
        return taskOwner(asked.rest().status(LINES));
    }

    private static String taskOwner(JsonNode status) {
        return status.path("tasks").path(0).path("worker_id").asText();
    }
}
