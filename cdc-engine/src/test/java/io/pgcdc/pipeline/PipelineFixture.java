package io.pgcdc.pipeline;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.queue.QueueSettings;
import io.pgcdc.servers.PgServer;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.snapshot.SnapshotSettings;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.source.SourceSettings;
import io.pgcdc.view.RouteConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a pipeline for a test: the settings' defaults, and by name what differs from them. The limits of settings do not
 * hold, so that a test can be quicker and smaller than a user may be. One thread.
 */
public final class PipelineFixture {

    private static final int MS_PER_SECOND = 1_000;

    private final Map<String, SettingValues> sinks = new LinkedHashMap<>();
    private SettingValues values;

    /**
     * Of a slot that is created if it is missing.
     *
     * @param url with the user "postgres", unless it names another
     */
    public PipelineFixture(String url, String slot, Path queue) {
        values = SettingValues.NONE
                .with(SourceSettings.URL, url)
                .with(SourceSettings.SLOT, slot)
                .with(SourceSettings.CREATE_SLOT, true)
                // a heartbeat's messages would be among the changes that a test counts
                .with(SourceSettings.HEARTBEAT_INTERVAL_MS, 0L)
                // a connection that most tests do not need
                .with(SourceSettings.WATCH_INTERVAL_MS, 0L)
                .with(QueueSettings.DIR, queue)
                .with(QueueSettings.FLUSH_INTERVAL_MS, 20L)
                .with(QueueSettings.FILE_BYTES, 64L << 20)
                // the build's disk may be nearly full
                .with(QueueSettings.MIN_FREE_BYTES, 1L << 20);
    }

    /** Sets one of {@link SourceSettings}, {@link QueueSettings}, {@link SnapshotSettings} or {@link PipelineSettings}. */
    public <T> PipelineFixture set(Setting<T> setting, T value) {
        if (!SourceSettings.ALL.contains(setting)
                && !QueueSettings.ALL.contains(setting)
                && !SnapshotSettings.ALL.contains(setting)
                && !PipelineSettings.ALL.contains(setting)) {
            throw new IllegalArgumentException(setting.key() + " is not a setting of a pipeline");
        }
        values = values.with(setting, value);
        return this;
    }

    /**
     * Names a sink, or gives one that was named other settings. One that is not named has the defaults.
     *
     * @param settings of {@link io.pgcdc.delivery.SinkSettings} and {@link io.pgcdc.view.RouteSettings}
     */
    public PipelineFixture sink(String name, SettingValues settings) {
        sinks.put(name, settings);
        return this;
    }

    public PipelineConfig config() {
        List<SinkConfig> configs = sinks.entrySet().stream()
                .map(sink -> new SinkConfig(
                        sink.getKey(),
                        "test",
                        DeliveryConfig.of(sink.getValue()),
                        RouteConfig.of(sink.getValue()),
                        SettingValues.NONE))
                .toList();
        return new PipelineConfig(
                PipelineSettings.name(values, values),
                SourceConfig.of(values, address()),
                QueueConfig.of(values, Path.of("").toAbsolutePath()),
                values.get(PipelineSettings.MAX_ROW_BYTES),
                SnapshotConfig.of(values, false),
                configs);
    }

    private ServerAddress address() {
        ServerAddress address = ServerUrl.parse(values.get(SourceSettings.URL), Map.of(), PgServer.SUPERUSER);
        long seconds = values.get(SourceSettings.CONNECT_TIMEOUT_MS) / MS_PER_SECOND;
        return address.parameters().containsKey(ConnectionParameter.CONNECT_TIMEOUT)
                ? address
                : address.with(ConnectionParameter.CONNECT_TIMEOUT, Long.toString(seconds));
    }
}
