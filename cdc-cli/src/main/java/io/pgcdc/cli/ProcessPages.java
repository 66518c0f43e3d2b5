package io.pgcdc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.Health;
import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.cli.http.Page;
import io.pgcdc.cli.metrics.Metrics;
import io.pgcdc.pipeline.PipelineStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a process tells over HTTP. docs/how-to/operation.md describes it. Any thread. */
final class ProcessPages {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Metrics metrics;
    private final Supplier<List<PipelineStatus>> pipelines;
    private final Supplier<ObjectNode> status;

    /**
     * @param pipelines reads their status
     * @param status reads what {@code cdc status --json} prints
     */
    ProcessPages(Metrics metrics, Supplier<List<PipelineStatus>> pipelines, Supplier<ObjectNode> status) {
        this.metrics = metrics;
        this.pipelines = pipelines;
        this.status = status;
    }

    Map<String, Page> byPath() {
        // the probes of an orchestrator have no token
        return Map.of(
                "/metrics",
                this::metrics,
                "/health/live",
                Page.open(request -> live()),
                "/health/ready",
                Page.open(this::ready),
                "/status",
                request -> Answer.json(OK, status.get().toPrettyString()));
    }

    private Answer metrics(HttpRequest request) {
        String accept = request.accept();
        String type = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
        return Answer.of(OK, type, metrics.scrape(type));
    }

    /** Live until all pipelines have ended with an error: only a new process helps then. */
    private Answer live() {
        ObjectNode body = JSON.createObjectNode();
        boolean live = !pipelines.get().stream().allMatch(one -> one.state() == PipelineStatus.State.FAILED);
        return Answer.json(live ? OK : UNAVAILABLE, body.put("live", live));
    }

    /** Ready while each pipeline reads, and each of its sinks takes changes. The problems are for those with the token. */
    private Answer ready(HttpRequest request) {
        ObjectNode body = JSON.createObjectNode();
        boolean ready = true;
        ObjectNode problems = JSON.createObjectNode();
        for (PipelineStatus one : pipelines.get()) {
            Health health = Health.of(one);
            if (health.grade() != Health.Grade.HEALTHY) {
                ready = false;
                health.problems().forEach(problems.putArray(one.name())::add);
            }
        }
        body.put("ready", ready);
        if (request.isTrusted()) {
            body.set("problems", problems);
        }
        return Answer.json(ready ? OK : UNAVAILABLE, body);
    }
}
