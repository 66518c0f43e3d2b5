package io.pgcdc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.control.ControlServer;
import io.pgcdc.cli.control.StatusJson;
import io.pgcdc.cli.control.TablesJson;
import io.pgcdc.cli.feed.FeedClients;
import io.pgcdc.cli.feed.ServedPipeline;
import io.pgcdc.cli.progress.WorkWatch;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.time.Instant;

/** A pipeline of the process, with what tells of it. */
public final class Member {

    private final PipelineConfig config;
    private final Pipeline pipeline;
    private final WorkWatch watch;
    private final StatusJson status;
    private final TablesJson tables;
    private final FeedClients clients = new FeedClients();

    /** Opens nothing yet. */
    public Member(PipelineConfig config, Pipeline pipeline) {
        this.config = config;
        this.pipeline = pipeline;
        watch = new WorkWatch(pipeline);
        Instant now = Instant.now();
        status = new StatusJson(pipeline, config, watch::works, clients, now, new ObjectMapper());
        tables = new TablesJson(config.name(), pipeline, now);
    }

    String name() {
        return config.name();
    }

    Pipeline pipeline() {
        return pipeline;
    }

    StatusJson status() {
        return status;
    }

    TablesJson tables() {
        return tables;
    }

    ServedPipeline served() {
        return new ServedPipeline(config, pipeline, clients);
    }

    /**
     * Runs until it has ended, on the calling thread.
     *
     * @param alone false: others write to standard error as well, so a bar would not stay in its place
     * @throws io.pgcdc.error.CdcException the first error of any thread of it
     */
    public void run(boolean alone) {
        pipeline.whileRunning(() -> ControlServer.start(config.queue().dir(), pipeline, status, tables));
        boolean toStdout = config.sinks().stream().anyMatch(sink -> sink.type().equals(StdoutSinkProvider.TYPE));
        ProgressReport report = ProgressReport.start(watch, toStdout, alone);
        try {
            pipeline.run();
        } finally {
            report.close();
        }
    }

    /** Asks it to stop. Any thread, also before it runs. */
    void stop() {
        pipeline.control().stop();
    }
}
