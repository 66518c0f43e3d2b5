package io.pgcdc.pipeline;

import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;
import java.util.List;

/**
 * The configuration of a pipeline. All values have passed their checks.
 *
 * @param name in threads and log lines
 */
public record PipelineConfig(
        String name,
        SourceConfig source,
        QueueConfig queue,
        long maxRowBytes,
        SnapshotConfig snapshot,
        List<SinkConfig> sinks) {

    public PipelineConfig {
        sinks = List.copyOf(sinks);
    }

    /** Returns how changes are delivered to a sink. Defaults for a sink that the configuration does not name. */
    public DeliveryConfig delivery(String sink) {
        return sinks.stream()
                .filter(s -> s.name().equals(sink))
                .map(SinkConfig::delivery)
                .findFirst()
                .orElse(DeliveryConfig.DEFAULT);
    }

    /** Returns which changes reach a sink. All of them for a sink that the configuration does not name. */
    public RouteConfig route(String sink) {
        return sinks.stream()
                .filter(s -> s.name().equals(sink))
                .map(SinkConfig::route)
                .findFirst()
                .orElse(RouteConfig.EVERYTHING);
    }
}
