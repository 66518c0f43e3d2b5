package io.pgcdc.cli;

import io.pgcdc.cli.plugin.Plugin;
import io.pgcdc.cli.plugin.PluginFolder;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.pipeline.LocalSinkContext;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkMetrics;
import io.pgcdc.sink.SinkProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * The available types of sinks: those on the class path, and those of plugins. Loaded once per run, by the thread that starts it.
 */
public final class SinkProviders {

    private final Map<String, SinkProvider> byType = new LinkedHashMap<>();
    private final Map<String, String> makers = new LinkedHashMap<>();

    private SinkProviders() {
        makers.put(FeedConfig.TYPE, "cdc"); // needs no provider: its clients fetch the changes
    }

    /** Returns the types on the class path. */
    public static SinkProviders own() {
        SinkProviders providers = new SinkProviders();
        ServiceLoader.load(SinkProvider.class).forEach(provider -> providers.add(provider, "cdc"));
        return providers;
    }

    /**
     * Returns the types on the class path, and those of this process's plugins.
     *
     * @throws io.pgcdc.error.CdcException if a plugin cannot be used; the program then does not start
     */
    static SinkProviders ofProcess() {
        SinkProviders providers = own();
        for (Plugin plugin : PluginFolder.of(System.getenv()).plugins()) {
            plugin.providers().forEach(provider -> providers.add(provider, "plugin " + plugin.place()));
        }
        return providers;
    }

    private void add(SinkProvider provider, String maker) {
        String type = provider.type();
        String first = makers.putIfAbsent(type, maker);
        if (first != null) {
            throw new SinkException(
                    ErrorCode.PLUGIN_TYPE_TAKEN,
                    "sink type \"" + type + "\" comes from " + first + ", and from " + maker
                            + ". Remove one of the plugins from its folder.");
        }
        byType.put(type, provider);
    }

    /** Returns the types that can be configured. */
    public Map<String, SinkProvider> byType() {
        return byType;
    }

    /** Creates the sinks of a pipeline, by name. */
    public Map<String, Sink> create(PipelineConfig config) {
        return create(config, sink -> SinkMetrics.NONE);
    }

    /**
     * Creates the sinks of a pipeline, by name.
     *
     * @param metrics where a sink's own metrics go
     */
    Map<String, Sink> create(PipelineConfig config, Function<String, SinkMetrics> metrics) {
        Map<String, Sink> sinks = new LinkedHashMap<>();
        config.sinks().forEach(sink -> sinks.put(sink.name(), create(config, sink, metrics.apply(sink.name()))));
        return sinks;
    }

    /** Creates one sink of a pipeline. */
    Sink create(PipelineConfig config, String name, SinkMetrics metrics) {
        SinkConfig named = config.sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sink " + name));
        return create(config, named, metrics);
    }

    private Sink create(PipelineConfig config, SinkConfig sink, SinkMetrics metrics) {
        SinkProvider provider = byType.get(sink.type());
        if (provider == null) {
            throw new SinkException(
                    ErrorCode.SINK_UNKNOWN,
                    "sink type \"" + sink.type() + "\" is unknown. Choose one of " + byType.keySet() + ".");
        }
        return provider.create(LocalSinkContext.of(config, sink.name(), metrics), sink.settings());
    }
}
