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
import io.pgcdc.snapshot.SnapshotMode;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.source.TableAliases;
import io.pgcdc.view.OriginFilter;
import io.pgcdc.view.RouteSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a whole pipeline, as often as a test asks, to bring a database's changes to sinks. */
public final class Captured {

    private final PipelineFixture fixture;
    private SettingValues delivery;

    /** Expects the publication {@code captured}. */
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

    /** Sets {@code confirm}. */
    public Captured confirmed(ConfirmPolicy policy) {
        fixture.set(QueueSettings.CONFIRM, policy);
        return this;
    }

    /** Sets how many bytes of changes stay in the queue that no sink needs. */
    public Captured retaining(long bytes) {
        fixture.set(QueueSettings.RETAIN_BYTES, bytes);
        return this;
    }

    /** Sets where a new sink begins. */
    public Captured startingAt(StartFrom place) {
        return with(SinkSettings.START, place);
    }

    /** Sets how often a target that is busy for the same reason is tried again. */
    public Captured retrying(int times) {
        return with(SinkSettings.RETRY_TIMES, (long) times);
    }

    /**
     * Begins with the rows that exist, in small parts.
     *
     * @param rowsPerSecond 0: as many as possible
     */
    public Captured withRows(long rowsPerSecond) {
        fixture.set(SnapshotSettings.MODE, SnapshotMode.INITIAL)
                .set(SnapshotSettings.CHUNK_BYTES, 16_384L)
                .set(SnapshotSettings.MAX_ROWS_PER_SECOND, rowsPerSecond);
        return this;
    }

    /** Gives tables of the source other names. */
    public Captured named(Map<String, String> aliases) {
        fixture.set(SourceSettings.TABLE_ALIASES, TableAliases.of(aliases));
        return this;
    }

    /** Sends the sinks only changes that were made on the source itself. */
    public Captured localOnly() {
        return with(RouteSettings.ORIGINS, OriginFilter.LOCAL);
    }

    /** Leaves a table out for the sinks. */
    public Captured without(String table) {
        return with(RouteSettings.EXCLUDE_TABLES, List.of(TablePattern.parse(table)));
    }

    /** Runs until the sinks have all committed changes. A sink that fails ends the run with its error. */
    public void bringTo(Map<String, Sink> sinks) {
        Pipeline pipeline = pipeline(sinks);
        pipeline.control().stopWhenCaughtUp();
        pipeline.run();
    }

    /** Starts a pipeline that runs until it is stopped. */
    public Pipeline pipeline(Map<String, Sink> sinks) {
        sinks.keySet().forEach(name -> fixture.sink(name, delivery));
        return new Pipeline(fixture.config(), new LinkedHashMap<>(sinks));
    }
}
