package io.pgcdc.pipeline;

import io.pgcdc.delivery.DeliveryConfig;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.snapshot.SnapshotConfig;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.view.RouteConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a pipeline. All values have passed their checks.
 *
 * @param name in threads and log lines
 * @param feeds their names differ from those of the sinks
 */
public record PipelineConfig(
        String name,
        SourceConfig source,
        QueueConfig queue,
        long maxRowBytes,
        SnapshotConfig snapshot,
        List<SinkConfig> sinks,
        List<FeedConfig> feeds) {

    public PipelineConfig {
        sinks = List.copyOf(sinks);
        feeds = List.copyOf(feeds);
    }

    /** A pipeline without feeds. */
    public PipelineConfig(
            String name,
            SourceConfig source,
            QueueConfig queue,
            long maxRowBytes,
            SnapshotConfig snapshot,
            List<SinkConfig> sinks) {
        this(name, source, queue, maxRowBytes, snapshot, sinks, List.of());
    }

    /** Returns how changes are delivered to a sink. Defaults for a sink that the configuration does not name. */
    public DeliveryConfig delivery(String sink) {
        return sinks.stream()
                .filter(s -> s.name().equals(sink))
                .map(SinkConfig::delivery)
                .findFirst()
                .orElse(DeliveryConfig.DEFAULT);
    }

    /** Returns which changes reach a sink or a feed. All of them for a sink that the configuration does not name. */
    public RouteConfig route(String sink) {
        RouteConfig route = routes().get(sink);
        return route == null ? RouteConfig.EVERYTHING : route;
    }

    /** Returns which changes reach each sink and feed that the configuration names. */
    public Map<String, RouteConfig> routes() {
        Map<String, RouteConfig> routes = new LinkedHashMap<>();
        sinks.forEach(sink -> routes.put(sink.name(), sink.route()));
        feeds.forEach(feed -> routes.put(feed.name(), feed.route()));
        return routes;
    }
}
