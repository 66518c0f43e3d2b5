package io.pgcdc.cli.feed;

import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;

/** A pipeline whose changes are served. */
public record ServedPipeline(PipelineConfig config, Pipeline pipeline, FeedClients clients) {

    public String name() {
        return config.name();
    }
}
