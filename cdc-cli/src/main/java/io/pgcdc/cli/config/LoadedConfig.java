package io.pgcdc.cli.config;

import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.setting.Section;
import java.util.List;

/** The checked configuration of a pipeline, with the place of each value. */
public record LoadedConfig(
        PipelineConfig pipeline,
        Section top,
        Section source,
        Section queue,
        Section snapshot,
        List<Section> sinks,
        List<Section> feeds) {

    public LoadedConfig {
        sinks = List.copyOf(sinks);
        feeds = List.copyOf(feeds);
    }
}
