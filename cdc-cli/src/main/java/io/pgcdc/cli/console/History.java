package io.pgcdc.cli.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.SlotStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers the last hour of the pipelines of a process, for the console's charts. A thread of its own takes a reading every ten seconds. */
public final class History implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private static final int STEP_SECONDS = 10;
    private static final int MOST = 3_600 / STEP_SECONDS;

    private final Map<String, Deque<Reading>> readings = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What a sink was like; null: not known. */
    private record SinkReading(@Nullable Double lagSeconds, double changesPerSecond) {}

    private record Reading(
            long at,
            @Nullable Double capturedPerSecond,
            @Nullable Double sourceLagSeconds,
            @Nullable Long retainedBytes,
            Map<String, SinkReading> sinks) {}

    private History() {}

    /** Begins to take readings. */
    public static History of(List<Pipeline> pipelines) {
        History history = new History();
        Thread thread = new Thread(() -> history.run(pipelines), "cdc-http-history");
        thread.setDaemon(true);
        thread.start();
        return history;
    }

    private void run(List<Pipeline> pipelines) {
        try {
            do {
                pipelines.forEach(this::add);
            } while (!closed.await(STEP_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Pipeline pipeline) {
        try {
            Reading reading = read(pipeline);
            synchronized (readings) {
                Deque<Reading> all = readings.computeIfAbsent(pipeline.status().name(), name -> new ArrayDeque<>());
                all.add(reading);
                while (all.size() > MOST) {
                    all.remove();
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("no reading", e); // of a queue that is being closed, for example
        }
    }

    private static Reading read(Pipeline pipeline) {
        Instant now = Instant.now();
        PipelineStatus status = pipeline.status();
        PipelineStatus.Source source = status.source();
        PipelineBacklog backlog = pipeline.backlog();
        SlotStatus slot = pipeline.slot();
        Map<String, SinkReading> sinks = new LinkedHashMap<>();
        status.sinks().forEach(sink -> {
            PipelineBacklog.SinkBacklog held =
                    backlog == null ? null : backlog.sinks().get(sink.name());
            sinks.put(
                    sink.name(),
                    new SinkReading(
                            held == null ? null : held.lagSeconds(now),
                            sink.taken().perSecond()));
        });
        return new Reading(
                now.getEpochSecond(),
                source == null ? null : source.captured().perSecond(),
                slot == null || source == null ? null : slot.lagSeconds(source.connected() && !source.paused(), now),
                slot == null ? null : slot.retainedBytes(),
                sinks);
    }

    /** Returns the readings by pipeline, a list for each value, null where it was not known. Any thread. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode pipelines = json.putArray("pipelines");
        synchronized (readings) {
            readings.forEach((name, all) -> pipelines.add(toJson(name, List.copyOf(all))));
        }
        return json;
    }

    private static ObjectNode toJson(String name, List<Reading> all) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("pipeline", name);
        json.put("step_seconds", STEP_SECONDS);
        put(json, "at", all, Reading::at);
        put(json, "captured_per_second", all, Reading::capturedPerSecond);
        put(json, "source_lag_seconds", all, Reading::sourceLagSeconds);
        put(json, "retained_bytes", all, Reading::retainedBytes);
        ObjectNode sinks = json.putObject("sinks");
        if (!all.isEmpty()) {
            for (String sink : all.get(all.size() - 1).sinks().keySet()) {
                ObjectNode of = sinks.putObject(sink);
                put(of, "lag_seconds", all, reading -> of(reading, sink, SinkReading::lagSeconds));
                put(of, "changes_per_second", all, reading -> of(reading, sink, SinkReading::changesPerSecond));
            }
        }
        return json;
    }

    private static @Nullable Number of(Reading reading, String sink, Function<SinkReading, @Nullable Double> value) {
        SinkReading found = reading.sinks().get(sink);
        return found == null ? null : value.apply(found);
    }

    private static void put(
            ObjectNode json, String field, List<Reading> all, Function<Reading, @Nullable Number> value) {
        ArrayNode values = json.putArray(field);
        for (Reading reading : all) {
            Number number = value.apply(reading);
            if (number == null) {
                values.addNull();
            } else if (number instanceof Long whole) {
                values.add(whole.longValue());
            } else {
                values.add(Math.round(number.doubleValue() * 1e3) / 1e3);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
