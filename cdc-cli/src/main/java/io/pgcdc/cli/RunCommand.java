package io.pgcdc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.control.ControlServer;
import io.pgcdc.cli.control.StatusJson;
import io.pgcdc.cli.jmx.PipelineBean;
import io.pgcdc.cli.progress.WorkWatch;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sink.SinkMetrics;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Captures until it is stopped. */
@Command(
        name = RunCommand.NAME,
        description = "Capture changes and deliver them, until stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  cdc run --source postgresql://cdc@localhost/shop --slot shop_cdc \\",
            "    --publication users_pub --queue-dir ./queue --sink stdout \\",
            "    --create-slot --create-publication --table user_service.users"
        })
final class RunCommand implements Callable<Integer> {

    static final String NAME = "run";

    private static final Logger LOG = LoggerFactory.getLogger("cdc");

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--until-caught-up",
            description =
                    "End with 0 once all changes that the server had at the start are delivered and acknowledged.")
    private boolean untilCaughtUp;

    @Option(
            names = "--accept-gap",
            description =
                    "Continue although changes are missing between queue and slot, or the server lost some. Without it, the"
                            + " error names them.")
    private boolean acceptGap;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Override
    public Integer call() {
        SinkProviders providers = SinkProviders.ofProcess();
        LoadedConfig loaded =
                ConfigLoader.load(options.file, options.flags(), Environment.ofProcess(), providers.byType());
        PipelineConfig config = loaded.pipeline();
        try (Served served = new Served(loaded.server())) {
            Function<String, SinkMetrics> metrics = sink -> served.metrics(config.name(), sink);
            Pipeline pipeline = new Pipeline(config, providers.create(config, metrics));
            pipeline.metrics(metrics);
            pipeline.remakingSinks(name -> providers.create(config, name, metrics.apply(name)));
            if (untilCaughtUp) {
                pipeline.control().stopWhenCaughtUp();
            }
            if (acceptGap) {
                pipeline.acceptGap();
            }
            LOG.info("version {} starts, on Java {}", Main.version(), Runtime.version());
            StopSignal.onStop(() -> {
                pipeline.control().stop();
                LOG.info("stopping, on a signal");
            });
            run(pipeline, config, served);
        }
        return 0;
    }

    private static void run(Pipeline pipeline, PipelineConfig config, Served served) {
        WorkWatch watch = new WorkWatch(pipeline);
        StatusJson status = new StatusJson(pipeline, config, watch::works, Instant.now(), new ObjectMapper());
        served.start(pipeline, status);
        PipelineBean.register(pipeline);
        pipeline.whileRunning(() -> ControlServer.start(config.queue().dir(), pipeline, status));
        boolean toStdout = config.sinks().stream().anyMatch(sink -> sink.type().equals(StdoutSinkProvider.TYPE));
        ProgressReport report = ProgressReport.start(watch, toStdout);
        try {
            pipeline.run();
        } finally {
            report.close();
        }
        LOG.info("stopped");
    }
}
