package io.pgcdc.config;

import java.util.List;

/** All that a pipeline is made from; every value has passed its checks. */
public record PipelineConfig(SourceConfig source, QueueConfig queue, long maxRowBytes, List<SinkConfig> sinks) {

    public PipelineConfig {
        sinks = List.copyOf(sinks);
    }
}
