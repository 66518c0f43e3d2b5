package io.pgcdc.pipeline;

import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkMetrics;
import java.nio.file.Path;
import java.time.InstantSource;

/** The context of a sink on this machine: the machine's clock, and a directory for each sink beside the queue's files. */
public record LocalSinkContext(String name, InstantSource clock, Path directory, SinkMetrics metrics)
        implements SinkContext {

    /**
     * Makes the context of one sink.
     *
     * @throws IllegalArgumentException the name is not valid for a sink
     */
    public static LocalSinkContext of(PipelineConfig config, String sink) {
        return of(config, sink, SinkMetrics.NONE);
    }

    /**
     * Makes the context of one sink.
     *
     * @throws IllegalArgumentException the name is not valid for a sink
     */
    public static LocalSinkContext of(PipelineConfig config, String sink, SinkMetrics metrics) {
        return new LocalSinkContext(
                sink,
                InstantSource.system(),
                QueueDirectory.sinkFiles(config.queue().dir(), sink),
                metrics);
    }
}
