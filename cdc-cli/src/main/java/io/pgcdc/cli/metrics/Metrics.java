package io.pgcdc.cli.metrics;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.sink.SinkMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The metrics of a process: its pipelines' and its JVM's. Any thread. */
public final class Metrics implements AutoCloseable {

    static final String PIPELINE = "pipeline";
    static final String SINK = "sink";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<PipelineMeters> pipelines = new CopyOnWriteArrayList<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** Begins with the JVM's. */
    public Metrics() {
        // their names break Prometheus's conventions, and others tell the same
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /**
     * Returns the text that Prometheus reads.
     *
     * @param contentType one of its formats
     */
    public String scrape(String contentType) {
        return registry.scrape(contentType);
    }

    /** Returns where a sink's own metrics go. */
    public SinkMetrics ofSink(String pipeline, String sink) {
        return new SinkMeters(registry, Tags.of(PIPELINE, pipeline, SINK, sink));
    }

    /** Adds the metrics of a pipeline. */
    public void add(Pipeline pipeline) {
        PipelineMeters meters = new PipelineMeters(registry, pipeline);
        meters.register();
        pipelines.add(meters);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
