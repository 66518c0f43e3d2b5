package io.pgcdc.cli.config;

import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.setting.Section;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked configuration, with the place of each value.
 *
 * @param server null: nothing is served over HTTP
 */
public record LoadedConfig(
        PipelineConfig pipeline,
        Section top,
        Section source,
        Section queue,
        Section snapshot,
        @Nullable HttpConfig server,
        Section http,
        List<Section> sinks) {

    public LoadedConfig {
        sinks = List.copyOf(sinks);
    }
}
