package io.pgcdc.cli.jmx;

import io.pgcdc.cli.control.Health;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineBacklog;
import io.pgcdc.pipeline.PipelineStatus;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers a pipeline with the JVM's MBean server. */
public final class PipelineBean implements PipelineMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineBean.class);

    private final Pipeline pipeline;

    private PipelineBean(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Registers it, on a thread of its own: the MBean server takes a tenth of a second to load. If that fails, only the log says so. */
    public static void register(Pipeline pipeline) {
        Thread thread = new Thread(() -> new PipelineBean(pipeline).register(), "cdc-jmx");
        thread.setDaemon(true);
        thread.start();
    }

    private void register() {
        String name = pipeline.status().name();
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(this, new ObjectName("io.pgcdc:type=Pipeline,name=" + ObjectName.quote(name)));
        } catch (JMException | RuntimeException e) {
            LOG.warn("JMX does not show pipeline {}: {}", name, e.toString());
        }
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
