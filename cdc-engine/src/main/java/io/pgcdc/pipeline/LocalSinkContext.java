package io.pgcdc.pipeline;

import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkMetrics;
import java.nio.file.Path;
import java.time.InstantSource;

/** What a pipeline of this machine gives its sinks: the machine's time, and a directory each beside the queue's own files. */
public record LocalSinkContext(String name, InstantSource clock, Path directory, SinkMetrics metrics)
        implements SinkContext {

    /** @throws IllegalArgumentException when the name cannot be a sink's */
    public static LocalSinkContext of(PipelineConfig config, String sink) {
        return new LocalSinkContext(
                sink,
                InstantSource.system(),
                QueueDirectory.sinkFiles(config.queue().dir(), sink),
                SinkMetrics.NONE);
    }
}
