package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.cli.jmx.PipelineBeans;
import io.pgcdc.delivery.SinkSettings;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.setting.Section;
import io.pgcdc.sink.SinkMetrics;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        SinkProviders providers = SinkProviders.ofProcess();
        LoadedProcess loaded =
                ConfigLoader.load(options.file, options.flags(), Environment.ofProcess(), providers.byType());
        if (acceptGap && loaded.pipelines().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--accept-gap is for one pipeline, and the file has several; name it with --pipeline");
        }
        requireServer(loaded);
        try (Served served = new Served(loaded.server());
                PipelineBeans beans = new PipelineBeans()) {
            List<Member> members = loaded.pipelines().stream()
                    .map(one -> member(one.pipeline(), providers, served))
                    .toList();
            served.start(members, loaded.listed());
            beans.register(members.stream().map(Member::pipeline).toList());
            LOG.info("version {} starts, on Java {}", Main.version(), Runtime.version());
            StopSignal.onStop(() -> {
                members.forEach(Member::stop);
                LOG.info("stopping, on a signal");
            });
            if (members.size() == 1) {
                members.get(0).run(true);
            } else {
                int exitCode = new PipelineGroup(members, loaded.server() != null).run();
                if (exitCode != 0) {
                    return exitCode;
                }
            }
            LOG.info("stopped");
        }
        return 0;
    }

    /** @throws ConfigException a feed, and nothing that serves it */
    static void requireServer(LoadedProcess loaded) {
        if (loaded.server() != null) {
            return;
        }
        for (LoadedConfig one : loaded.pipelines()) {
            for (Section feed : one.feeds()) {
                throw new ConfigException(
                        ErrorCode.CONFIG_MISSING,
                        "http.listen is missing, and the sink at " + feed.place(SinkSettings.TYPE)
                                + " is a feed, which is served over HTTP. Write http: 127.0.0.1:9187, or give --http 127.0.0.1:9187.");
            }
        }
    }

    private Member member(PipelineConfig config, SinkProviders providers, Served served) {
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
        return new Member(config, pipeline);
    }
}
