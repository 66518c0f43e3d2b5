package io.pgcdc.cli.jmx;

import io.pgcdc.cli.control.Health;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog;
import io.pgcdc.pipeline.PipelineStatus;
import java.util.List;
import java.util.Locale;

/** A pipeline, as the JVM's MBean server shows it. */
final class PipelineBean implements PipelineMXBean {

    private final Pipeline pipeline;

    PipelineBean(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public String getHealth() {
        return Health.of(pipeline.status()).grade().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getState() {
        return pipeline.status().state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> getProblems() {
        return Health.of(pipeline.status()).problems();
    }

    @Override
    public boolean isSourceConnected() {
        PipelineStatus.Source source = pipeline.status().source();
        return source != null && source.connected();
    }

    @Override
    public long getQueueBytes() {
        PipelineBacklog backlog = pipeline.backlog();
        return backlog == null ? 0 : backlog.queue().bytes();
    }

    @Override
    public List<SinkRow> getSinks() {
        PipelineBacklog backlog = pipeline.backlog();
        return pipeline.status().sinks().stream()
                .map(sink -> new SinkRow(
                        sink, backlog == null ? null : backlog.sinks().get(sink.name())))
                .toList();
    }
}
