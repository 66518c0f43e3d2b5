package io.pgcdc.cli.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog.SinkBacklog;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.pipeline.SlotStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The meters of one pipeline. docs/reference/metrics.md lists them. */
final class PipelineMeters {

    private final MeterRegistry registry;
    private final Pipeline pipeline;
    private final PipelineReading reading;

    /** The registry holds what a counter reads by a weak reference only. */
    private final List<DoubleSupplier> held = new ArrayList<>();

    private Tags tags;

    PipelineMeters(MeterRegistry registry, Pipeline pipeline) {
        this.registry = registry;
        this.pipeline = pipeline;
        reading = new PipelineReading(pipeline);
        tags = Tags.of(Metrics.PIPELINE, pipeline.status().name());
    }

    void register() {
        Tags ofPipeline = tags;
        source();
        slot();
        queue();
        for (SinkStatus sink : pipeline.status().sinks()) {
            tags = ofPipeline.and(Metrics.SINK, sink.name());
            sink(sink.name());
            backlog(sink.name());
        }
    }

    private void source() {
        gauge(
                "pgcdc.pipeline.running",
                "1 while the pipeline runs",
                () -> reading.pipeline(status -> flag(status.state() == State.RUNNING)));
        gauge(
                "pgcdc.source.connected",
                "1 while the server sends changes",
                () -> reading.source(PipelineMeters::reads));
        counter(
                "pgcdc.source.changes",
                "Changes, and rows of snapshots, that went into the queue",
                () -> reading.pipeline(status ->
                        status.source() == null ? 0 : status.source().captured().changes()));
    }

    private void slot() {
        slot(
                "pgcdc.source.lag.bytes",
                "WAL that the server has written and pgcdc has not received",
                SlotStatus::unreadBytes);
        slot(
                "pgcdc.source.lag.seconds",
                "Since pgcdc last had all that the server had written, as far as its looks tell",
                slot -> slot.lagSeconds(reading.source(PipelineMeters::reads) == 1, Instant.now()));
        slot("pgcdc.slot.retained.wal.bytes", "WAL that the slot keeps on the primary", SlotStatus::retainedBytes);
        slot(
                "pgcdc.slot.safe.wal.bytes",
                "WAL that may still be written before the slot may be lost",
                SlotStatus::safeWalSize);
        slot(
                "pgcdc.slot.wal.growth.bytes.per.second",
                "Growth of the WAL that the slot keeps; negative: it shrinks",
                SlotStatus::growthBytesPerSecond);
        slot("pgcdc.slot.loss.seconds", "Until the slot is lost at this rate", SlotStatus::secondsToLoss);
    }

    private void slot(String name, String help, Function<SlotStatus, @Nullable Number> value) {
        gauge(name, help, () -> reading.slot(value));
    }

    private void queue() {
        gauge(
                "pgcdc.queue.size.bytes",
                "Bytes of the changes in the queue",
                () -> reading.queue(queue -> queue.bytes()));
        gauge(
                "pgcdc.queue.disk.free.bytes",
                "Free bytes on the queue's disk",
                () -> reading.queue(queue -> queue.freeBytes()));
    }

    private void sink(String sink) {
        gauge(
                "pgcdc.sink.running",
                "1 while the sink takes changes",
                () -> state(sink, SinkState.RUNNING) + state(sink, SinkState.REPLAYING));
        gauge("pgcdc.sink.paused", "1 while the sink is paused on request", () -> state(sink, SinkState.PAUSED));
        counter(
                "pgcdc.sink.changes",
                "Changes that the sink took, with those that its filters leave out",
                () -> reading.sink(sink, status -> status.taken().changes()));
        counter(
                "pgcdc.sink.retries",
                "Calls of the sink that failed with a temporary error",
                () -> reading.sink(sink, SinkStatus::retries));
        counter(
                "pgcdc.sink.dead.letters",
                "Changes that the target refused, and that went to the dead letters",
                () -> reading.sink(sink, SinkStatus::refused));
    }

    private void backlog(String sink) {
        gauge(
                "pgcdc.sink.lag.changes",
                "Changes in the queue that the sink lacks",
                () -> reading.backlog(sink, SinkBacklog::changes));
        gauge(
                "pgcdc.sink.lag.bytes",
                "WAL between the sink's last change and the queue's last",
                () -> reading.backlog(sink, held -> held.walBytes() == null ? Double.NaN : held.walBytes()));
        gauge(
                "pgcdc.sink.lag.seconds",
                "Age of the oldest change in the queue that the sink lacks; 0: it lacks none",
                () -> reading.backlog(sink, held -> held.lagSeconds(Instant.now())));
    }

    private double state(String sink, SinkState asked) {
        return reading.sink(sink, status -> flag(status.state() == asked));
    }

    private static double reads(PipelineStatus.Source source) {
        return flag(source.connected() && !source.paused());
    }

    private static double flag(boolean set) {
        return set ? 1 : 0;
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .strongReference(true)
                .description(help)
                .tags(tags)
                .register(registry);
    }

    private void counter(String name, String help, DoubleSupplier value) {
        held.add(value);
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .tags(tags)
                .register(registry);
    }
}
