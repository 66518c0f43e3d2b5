package io.pgcdc.cli;

import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.pipeline.LocalSinkContext;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** The sinks on the class path. */
public final class SinkProviders {

    private SinkProviders() {}

    /** Returns the types that can be configured. */
    public static Map<String, SinkProvider> byType() {
        Map<String, SinkProvider> providers = new LinkedHashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(provider -> providers.put(provider.type(), provider));
        return providers;
    }

    /** Makes the sinks of a pipeline, by name. */
    public static Map<String, Sink> create(PipelineConfig config) {
        Map<String, SinkProvider> providers = byType();
        Map<String, Sink> sinks = new LinkedHashMap<>();
        for (SinkConfig sink : config.sinks()) {
            SinkProvider provider = providers.get(sink.type());
            if (provider == null) {
                throw new SinkException(
                        ErrorCode.SINK_UNKNOWN,
                        "sink type \"" + sink.type() + "\" is unknown. Choose one of " + providers.keySet() + ".");
            }
            sinks.put(sink.name(), provider.create(LocalSinkContext.of(config, sink.name()), sink.settings()));
        }
        return sinks;
    }
}
