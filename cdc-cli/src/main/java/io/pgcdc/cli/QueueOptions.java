package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name the queue of a running pipeline, as a mixin. */
final class QueueOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file of the running pipeline.")
    private @Nullable Path file;

    @Option(names = "--queue-dir", paramLabel = "DIR", description = "Directory of the running pipeline's queue.")
    private @Nullable Path queueDir;

    /** Returns the queue's directory. */
    Path queue() {
        Path given = queueDir;
        if (given != null) {
            return given;
        }
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "name the running pipeline: -c FILE or --queue-dir DIR");
        }
        return ConfigLoader.load(
                        file,
                        Flags.NONE,
                        Environment.ofProcess(),
                        SinkProviders.ofProcess().byType())
                .pipeline()
                .queue()
                .dir();
    }

    /** Returns the options as they were given, to repeat them. */
    String text() {
        return queueDir == null ? "-c " + file : "--queue-dir " + queueDir;
    }
}
