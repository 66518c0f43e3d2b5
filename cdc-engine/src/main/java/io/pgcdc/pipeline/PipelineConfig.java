package io.pgcdc.pipeline;

import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;
import java.util.List;

/**
 * All that a pipeline is made from; every value has passed its checks.
 *
 * @param name in threads and log lines
 */
public record PipelineConfig(
        String name, SourceConfig source, QueueConfig queue, long maxRowBytes, List<SinkConfig> sinks) {

    public PipelineConfig {
        sinks = List.copyOf(sinks);
    }

    /** How changes are handed to the sink of that name; the defaults for one that the configuration does not name. */
    public DeliveryConfig delivery(String sink) {
        return sinks.stream()
                .filter(s -> s.name().equals(sink))
                .map(SinkConfig::delivery)
                .findFirst()
                .orElse(DeliveryConfig.DEFAULT);
    }

    /** What reaches the sink of that name; everything for one that the configuration does not name. */
    public RouteConfig route(String sink) {
        return sinks.stream()
                .filter(s -> s.name().equals(sink))
                .map(SinkConfig::route)
                .findFirst()
                .orElse(RouteConfig.EVERYTHING);
    }
}
