package io.pgcdc.testkit.sinks;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.FailurePolicy;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.model.TablePattern;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.OriginFilter;
import io.pgcdc.view.RouteConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings what a database holds to sinks, by a whole pipeline, again and again. */
public final class Captured {

    private final TargetDatabase source;
    private final Path queue;
    private final boolean deadLetters;
    private ConfirmPolicy confirm = ConfirmPolicy.SINKS;
    private long retryTimes = 20;
    private StartFrom start = StartFrom.BEGINNING;
    private RouteConfig route = RouteConfig.EVERYTHING;

    /** Publication {@code captured} is there. */
    public Captured(TargetDatabase source, Path queue) {
        this(source, queue, false);
    }

    public Captured(TargetDatabase source, Path queue, boolean deadLetters) {
        this.source = source;
        this.queue = queue;
        this.deadLetters = deadLetters;
    }

    /** What is synced in the queue is acknowledged. */
    public Captured confirmedByQueue() {
        confirm = ConfirmPolicy.QUEUE;
        return this;
    }

    /** A sink that is new to the queue begins there. */
    public Captured startingAt(StartFrom place) {
        start = place;
        return this;
    }

    /** A target that is busy for one reason is tried again so often. */
    public Captured retrying(int times) {
        retryTimes = times;
        return this;
    }

    /** The sinks get only what was made on the source itself. */
    public Captured localOnly() {
        route = new RouteConfig(List.of(), List.of(), List.of(), OriginFilter.LOCAL, List.of(), List.of(), null);
        return this;
    }

    /** The sinks do not get that table. */
    public Captured without(String table) {
        route = new RouteConfig(
                List.of(), List.of(), List.of(TablePattern.parse(table)), OriginFilter.ANY, List.of(), List.of(), null);
        return this;
    }

    /** The sinks have all that was committed; a sink that fails ends it. */
    public void bringTo(Map<String, Sink> sinks) {
        Pipeline pipeline = pipeline(sinks);
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
    }

    /** One that runs until it is stopped. */
    public Pipeline pipeline(Map<String, Sink> sinks) {
        return new Pipeline(config(sinks), new LinkedHashMap<>(sinks));
    }

    private PipelineConfig config(Map<String, Sink> sinks) {
        DeliveryConfig delivery =
                new DeliveryConfig(FailurePolicy.STOP_PIPELINE, 60_000, retryTimes, 200, start, deadLetters);
        return new PipelineConfig(
                source.name(),
                new SourceConfig(
                        ServerUrl.parse(source.server().url(source.name()), Map.of(), "postgres"),
                        source.name() + "_slot",
                        List.of("captured"),
                        true,
                        false,
                        false,
                        List.of(),
                        1_000,
                        60_000,
                        5_000,
                        false,
                        0),
                new QueueConfig(
                        queue,
                        confirm,
                        100_000,
                        20_000,
                        20,
                        64 << 20,
                        20,
                        64 << 20,
                        1 << 20,
                        0,
                        0,
                        FullPolicy.PAUSE,
                        false),
                64 << 20,
                sinks.keySet().stream()
                        .map(name -> new SinkConfig(name, "test", delivery, route, new SettingValues(Map.of())))
                        .toList());
    }
}
