package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.error.CdcException;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SinkCheckpoint;
import io.pgcdc.queue.disk.QueueView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status of a pipeline that does not run, from the files of its queue. The same JSON as {@link StatusJson}, with fewer fields. */
public final class StoppedStatus {

    private static final double MILLI = 1e3;

    private final QueueView queue;
    private final Map<String, SinkCheckpoint> sinks;
    private final Map<String, Lag> lags = new LinkedHashMap<>();
    private final Instant now = Instant.now();

    /** What a sink lacks. */
    private static final class Lag {
        long changes;
        long oldestMicros;
    }

    private StoppedStatus(QueueView queue) {
        this.queue = queue;
        sinks = queue.sinks();
        sinks.keySet().forEach(name -> lags.put(name, new Lag()));
    }

    /**
     * Reads all headers in the queue.
     *
     * @throws io.pgcdc.error.QueueException the files cannot be read, or are not a queue's
     */
    public static ObjectNode read(QueueView queue, ObjectMapper json) {
        StoppedStatus status = new StoppedStatus(queue);
        status.count();
        return status.toJson(json);
    }

    /** Returns the status of a pipeline whose queue cannot be read: it has not run yet, for example. */
    public static ObjectNode unknown(String pipeline, CdcException error) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("pipeline", pipeline);
        node.put("health", "down");
        node.put("state", "stopped");
        node.put("at", Instant.now().toString());
        node.putArray("problems").add(error.describe());
        node.putObject("source");
        node.putObject("queue");
        node.putArray("sinks");
        node.putArray("progress");
        node.putArray("snapshots");
        return node;
    }

    private void count() {
        SegmentHeader header = new SegmentHeader();
        try (SegmentReader reader = queue.reader(SegmentStore.NONE)) {
            while (reader.nextHeader(header)) {
                sinks.forEach((name, sink) -> {
                    Lag lag = lags.get(name);
                    if (lag != null && reader.index() >= sink.home().nextIndex()) {
                        lag.oldestMicros = lag.changes == 0 ? header.commitTimeMicros() : lag.oldestMicros;
                        lag.changes += header.changeCount();
                    }
                });
            }
        }
    }

    private ObjectNode toJson(ObjectMapper json) {
        ObjectNode node = json.createObjectNode();
        node.put("pipeline", queue.identity().slotName());
        node.put("health", "down");
        Long user = queue.user();
        node.put("state", user == null ? "stopped" : "starting");
        node.put("at", now.toString());
        ArrayNode problems = node.putArray("problems");
        problems.add(
                user == null
                        ? "no pipeline runs on this queue: cdc run"
                        : "process " + user + " has this queue and does not answer: it is starting or ending");
        sinks.forEach((name, checkpoint) -> {
            if (checkpoint.replay() != null) {
                problems.add("sink " + name + " has not finished its replay: the next run continues it");
            }
        });
        CaptureCheckpoint capture = queue.capture();
        ObjectNode source = node.putObject("source");
        source.put("slot", queue.identity().slotName());
        source.put("database", queue.identity().databaseName());
        if (capture != null) {
            source.put("durable_lsn", Lsn.toString(capture.endLsn()));
            source.put("confirmed_lsn", Lsn.toString(capture.acknowledgedLsn()));
        }
        ObjectNode files = node.putObject("queue");
        files.put("directory", queue.directory().toString());
        files.put("bytes", queue.storedBytes());
        files.put("disk_free_bytes", queue.freeBytes());
        ArrayNode all = node.putArray("sinks");
        Map<String, Long> deadLetters = queue.deadLetters();
        sinks.forEach((name, checkpoint) -> all.add(sink(json, name, checkpoint, deadLetters.getOrDefault(name, 0L))));
        node.putArray("progress");
        node.putArray("snapshots");
        return node;
    }

    private ObjectNode sink(ObjectMapper json, String name, SinkCheckpoint checkpoint, long deadLetters) {
        ObjectNode node = json.createObjectNode();
        node.put("name", name);
        node.put("state", "stopped");
        node.put("position", checkpoint.home().position().toString());
        Lag lag = lags.get(name);
        if (lag != null) {
            node.put("lag_changes", lag.changes);
            Instant oldest = Instant.EPOCH.plus(lag.oldestMicros, ChronoUnit.MICROS);
            node.put(
                    "lag_seconds",
                    lag.changes == 0
                            ? 0
                            : Math.max(0, Duration.between(oldest, now).toMillis()) / MILLI);
        }
        node.put("dead_letters", deadLetters);
        return node;
    }
}
