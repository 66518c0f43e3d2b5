package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.disk.QueueDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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
            description = "Configuration file of the pipeline.")
    private @Nullable Path file;

    @Option(names = "--queue-dir", paramLabel = "DIR", description = "Directory of the pipeline's queue.")
    private @Nullable Path queueDir;

    @Mixin
    private PipelineOption pipeline = new PipelineOption();

    private @Nullable LoadedProcess loaded;

    /** Returns the queue's directory. */
    Path queue() {
        Path given = queueDir;
        if (given != null) {
            return given;
        }
        PipelineConfig config = config();
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "name the pipeline: -c FILE or --queue-dir DIR");
        }
        return config.queue().dir();
    }

    /** Returns the pipelines of the file that are meant, by their names; empty if no file is named. */
    Map<String, PipelineConfig> configs() {
        Map<String, PipelineConfig> configs = new LinkedHashMap<>();
        if (isList()) {
            loaded().pipelines().forEach(one -> configs.put(one.pipeline().name(), one.pipeline()));
        } else {
            PipelineConfig config = config();
            if (config != null) {
                configs.put(config.name(), config);
            }
        }
        return configs;
    }

    /** Returns whether all pipelines of a file with a list of them are meant. */
    boolean isList() {
        return queueDir == null && file != null && pipeline.name == null && loaded().listed();
    }

    /** Returns the configuration; null if no file is named. */
    @Nullable
    PipelineConfig config() {
        return file == null ? null : loaded().one().pipeline();
    }

    private LoadedProcess loaded() {
        LoadedProcess known = loaded;
        if (known == null) {
            known = ConfigLoader.load(
                    file,
                    Flags.of(pipeline.name),
                    Environment.ofProcess(),
                    SinkProviders.ofProcess().byType());
            loaded = known;
        }
        return known;
    }

    /**
     * Opens the directory of a pipeline that does not run, and locks it.
     *
     * @throws QueueException QUEUE_LOCKED: it runs; QUEUE_DIRECTORY_UNUSABLE: there is no queue
     */
    QueueDirectory locked() {
        Path path = queue();
        QueueDirectory directory = Files.isDirectory(path) ? QueueDirectory.open(path) : null;
        if (directory != null && directory.identity() != null) {
            return directory;
        }
        if (directory != null) {
            directory.close();
        }
        throw new QueueException(
                ErrorCode.QUEUE_DIRECTORY_UNUSABLE,
                "there is no queue in " + path
                        + ". Name the directory of a pipeline's queue with --queue-dir, or its file with -c.");
    }

    /** Returns the options as they were given, to repeat them. */
    String text() {
        return queueDir == null
                ? "-c " + file + (pipeline.name == null ? "" : " --pipeline " + pipeline.name)
                : "--queue-dir " + queueDir;
    }
}
