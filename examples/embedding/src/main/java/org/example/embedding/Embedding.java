package org.example.embedding;

import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.sink.Sink;
import io.pgcdc.source.SourceSettings;
import java.nio.file.Path;

/** Reads every table of a database and prints what changes, until it is stopped: {@code Embedding URL QUEUE-DIRECTORY}. */
public final class Embedding {

    private Embedding() {}

    public static void main(String[] arguments) {
        Pipeline pipeline = pipeline(arguments[0], Path.of(arguments[1]), new PrintSink(System.out));
        Runtime.getRuntime().addShutdownHook(new Thread(pipeline.control()::stop));
        pipeline.run();
    }

    static Pipeline pipeline(String url, Path queue, Sink sink) {
        return Pipeline.builder()
                .url(url)
                .environment(System.getenv()) // PGPASSWORD and its kin
                .slot("embedding")
                .publications("embedding")
                .set(SourceSettings.CREATE_SLOT, true)
                .set(SourceSettings.CREATE_PUBLICATION, true)
                .queueDirectory(queue)
                .sink("print", sink)
                .build();
    }
}
