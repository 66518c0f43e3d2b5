package io.pgcdc.cli;

import io.pgcdc.cli.control.StatusJson;
import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.cli.http.HttpService;
import io.pgcdc.cli.metrics.Metrics;
import io.pgcdc.life.Closing;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.sink.SinkMetrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a process serves over HTTP; nothing if that is not configured, and then nothing of it is loaded. The thread that starts the process. */
final class Served implements AutoCloseable {

    private final @Nullable HttpConfig config;
    private final @Nullable Metrics metrics;
    private final Closing closing = new Closing();

    Served(@Nullable HttpConfig config) {
        this.config = config;
        metrics = config == null ? null : closing.add(new Metrics());
    }

    /** Returns where a sink's metrics go. */
    SinkMetrics metrics(String pipeline, String sink) {
        return metrics == null ? SinkMetrics.NONE : metrics.ofSink(pipeline, sink);
    }

    /**
     * Serves a pipeline, from before its run on.
     *
     * @throws io.pgcdc.error.QueueException HTTP_UNAVAILABLE
     */
    void start(Pipeline pipeline, StatusJson status) {
        if (metrics == null || config == null) {
            return;
        }
        metrics.add(pipeline);
        ProcessPages pages = new ProcessPages(metrics, () -> List.of(pipeline.status()), status::read);
        closing.add(HttpService.start(config, pages.byPath()));
    }

    @Override
    public void close() {
        closing.close();
    }
}
