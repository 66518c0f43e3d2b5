package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.control.ControlServer;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Captures until it is stopped. */
@Command(
        name = "run",
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
        Pipeline pipeline = new Pipeline(loaded.pipeline(), providers.create(loaded.pipeline()));
        pipeline.remakingSinks(name -> providers.create(loaded.pipeline(), name));
        if (untilCaughtUp) {
            pipeline.control().stopWhenCaughtUp();
        }
        if (acceptGap) {
            pipeline.acceptGap();
        }
        StopSignal.onStop(pipeline.control()::stop);
        run(pipeline, loaded.pipeline());
        return 0;
    }

    private static void run(Pipeline pipeline, PipelineConfig config) {
        pipeline.whileRunning(() -> ControlServer.start(config.queue().dir(), pipeline));
        boolean toStdout = config.sinks().stream().anyMatch(sink -> sink.type().equals(StdoutSinkProvider.TYPE));
        ProgressReport report = ProgressReport.start(pipeline, toStdout);
        try {
            pipeline.run();
        } finally {
            report.close();
        }
    }
}
