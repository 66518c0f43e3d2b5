package io.pgcdc.pipeline;

import io.pgcdc.delivery.FailurePolicy;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.delivery.StartFrom;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.servers.PgDatabase;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.OriginFilter;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings what a database holds to sinks, by a whole pipeline, again and again. */
public final class Captured {

    private final PipelineFixture fixture;
    private SettingValues delivery;

    /** Publication {@code captured} is there. */
    public Captured(PgDatabase source, Path queue) {
        this(source, queue, false);
    }

    public Captured(PgDatabase source, Path queue, boolean deadLetters) {
        fixture = new PipelineFixture(source.server().url(source.name()), source.name() + "_slot", queue)
                .set(SourceSettings.PUBLICATIONS, List.of("captured"))
                .set(SourceSettings.STATUS_INTERVAL_MS, 1_000L)
                .set(SourceSettings.RECONNECT, false)
                .set(QueueSettings.SEGMENT_BYTES, 100_000L);
        delivery = SettingValues.NONE
                .with(SinkSettings.ON_FAILURE, FailurePolicy.STOP_PIPELINE)
                .with(SinkSettings.RETRY_FOR_MS, 60_000L)
                .with(SinkSettings.DEAD_LETTER, deadLetters);
    }

    private <T> Captured with(Setting<T> setting, T value) {
        delivery = delivery.with(setting, value);
        return this;
    }

    /** What is synced in the queue is acknowledged. */
    public Captured confirmedByQueue() {
        fixture.set(QueueSettings.CONFIRM, ConfirmPolicy.QUEUE);
        return this;
    }

    /** A sink that is new to the queue begins there. */
    public Captured startingAt(StartFrom place) {
        return with(SinkSettings.START, place);
    }

    /** A target that is busy for one reason is tried again so often. */
    public Captured retrying(int times) {
        return with(SinkSettings.RETRY_TIMES, (long) times);
    }

    /** The sinks get only what was made on the source itself. */
    public Captured localOnly() {
        return with(RouteSettings.ORIGINS, OriginFilter.LOCAL);
    }

    /** The sinks do not get that table. */
    public Captured without(String table) {
        return with(RouteSettings.EXCLUDE_TABLES, List.of(TablePattern.parse(table)));
    }

    /** The sinks have all that was committed; a sink that fails ends it. */
    public void bringTo(Map<String, Sink> sinks) {
        Pipeline pipeline = pipeline(sinks);
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
    }

    /** One that runs until it is stopped. */
    public Pipeline pipeline(Map<String, Sink> sinks) {
        sinks.keySet().forEach(name -> fixture.sink(name, delivery));
        return new Pipeline(fixture.config(), new LinkedHashMap<>(sinks));
    }
}
