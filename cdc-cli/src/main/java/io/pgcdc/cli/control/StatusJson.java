package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.feed.FeedClients;
import io.pgcdc.cli.progress.Work;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.CdcException;
import io.pgcdc.model.Lsn;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog;
import io.pgcdc.pipeline.PipelineBacklog.SinkBacklog;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.Flow;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.SlotStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a pipeline as JSON. docs/reference/control.md describes it; its fields stay. */
public final class StatusJson {

    private static final double TENTH = 1e1;

    private final Pipeline pipeline;
    private final PipelineConfig config;
    private final Map<String, String> sinkTypes;
    private final Supplier<List<Work>> works;
    private final FeedClients clients;
    private final Instant startedAt;
    private final ObjectMapper json;

    /**
     * Reads nothing yet.
     *
     * @param config of the pipeline
     * @param works returns the work that takes a while; any thread
     * @param clients of the pipeline's feeds
     */
    public StatusJson(
            Pipeline pipeline,
            PipelineConfig config,
            Supplier<List<Work>> works,
            FeedClients clients,
            Instant startedAt,
            ObjectMapper json) {
        this.pipeline = pipeline;
        this.config = config;
        sinkTypes = config.sinks().stream().collect(Collectors.toMap(SinkConfig::name, SinkConfig::type));
        this.works = works;
        this.clients = clients;
        this.startedAt = startedAt;
        this.json = json;
    }

    /** Returns the status now. Any thread; reads the queue's files. */
    public ObjectNode read() {
        PipelineStatus status = pipeline.status();
        PipelineBacklog backlog = pipeline.backlog();
        Instant now = Instant.now();
        SlotStatus slot = pipeline.slot();
        Health health = Health.of(status, slot);
        ObjectNode node = json.createObjectNode();
        node.put("pipeline", status.name());
        node.put("health", lower(health.grade()));
        node.put("state", lower(status.state()));
        node.put("at", now.toString());
        node.put("started_at", startedAt.toString());
        node.put("pid", ProcessHandle.current().pid());
        node.put("version", StatusJson.class.getPackage().getImplementationVersion());
        health.problems().forEach(node.putArray("problems")::add);
        node.set("source", source(status, slot, now));
        node.set("queue", queue(backlog));
        ArrayNode sinks = node.putArray("sinks");
        status.sinks()
                .forEach(sink -> sinks.add(
                        sink(sink, backlog == null ? null : backlog.sinks().get(sink.name()), now)));
        ArrayNode feeds = node.putArray("feeds");
        config.feeds().forEach(feed -> feeds.add(feed(feed.name())));
        node.set("progress", ProgressJson.of(works.get(), json));
        node.set("snapshots", SnapshotJson.of(status.snapshots(), json));
        if (status.state() == PipelineStatus.State.STARTING) {
            StartingStatus.complete(node, config, json);
        }
        return node;
    }

    private ObjectNode source(PipelineStatus status, @Nullable SlotStatus slot, Instant now) {
        ObjectNode node = json.createObjectNode();
        node.set("error", error(status.sourceTrouble()));
        PipelineStatus.Source source = status.source();
        if (source == null) {
            return node;
        }
        node.put("server", source.server());
        node.put("slot", source.slot());
        node.put("connected", source.connected());
        node.put("paused", source.paused());
        node.put("received_lsn", Lsn.toString(source.receivedLsn()));
        node.put("durable_lsn", Lsn.toString(source.durableLsn()));
        node.put("confirmed_lsn", Lsn.toString(source.flushLsn()));
        node.put("lag_bytes", slot == null ? null : slot.unreadBytes());
        node.put("lag_seconds", slot == null ? null : slot.lagSeconds(source.connected() && !source.paused(), now));
        flow(node, source.captured());
        node.set("wal", slot == null ? json.nullNode() : SlotJson.of(slot, json));
        return node;
    }

    private ObjectNode queue(@Nullable PipelineBacklog backlog) {
        ObjectNode node = json.createObjectNode();
        if (backlog != null) {
            node.put("directory", backlog.queue().directory().toString());
            node.put("bytes", backlog.queue().bytes());
            node.put("disk_free_bytes", backlog.queue().freeBytes());
            node.put("slowest_sink", backlog.queue().slowest());
        }
        return node;
    }

    private ObjectNode sink(SinkStatus sink, @Nullable SinkBacklog backlog, Instant now) {
        ObjectNode node = json.createObjectNode();
        node.put("name", sink.name());
        node.put("type", sinkTypes.get(sink.name()));
        node.put("state", lower(sink.state()));
        node.put("position", sink.position() == null ? null : sink.position().toString());
        node.put("lag_changes", backlog == null ? null : backlog.changes());
        node.put("lag_bytes", backlog == null ? null : backlog.walBytes());
        node.put("lag_seconds", backlog == null ? null : backlog.lagSeconds(now));
        flow(node, sink.taken());
        node.put("retries", sink.retries());
        node.put("dead_letters", sink.refused());
        node.set("error", error(sink.trouble()));
        return node;
    }

    private ObjectNode feed(String name) {
        FeedClients.Counts counts = clients.of(name);
        ObjectNode node = json.createObjectNode();
        node.put("name", name);
        node.put("clients", counts.clients());
        flow(node, new Flow(counts.changes(), counts.changesPerSecond()));
        return node;
    }

    private JsonNode error(@Nullable Throwable trouble) {
        if (trouble == null) {
            return json.nullNode();
        }
        ObjectNode error = json.createObjectNode();
        error.put("code", trouble instanceof CdcException known ? known.code().toString() : null);
        error.put("message", Health.describe(trouble));
        return error;
    }

    private static void flow(ObjectNode node, Flow flow) {
        node.put("changes", flow.changes());
        node.put("changes_per_second", Math.round(flow.perSecond() * TENTH) / TENTH);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
