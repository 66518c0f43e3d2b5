package io.pgcdc.cli;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.disk.QueueDirectory;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes what the queue knows of a sink. The pipeline must not run. */
@Command(
        name = "sink",
        description = "Commands for one sink of a pipeline that does not run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  cdc sink reset replica -c cdc.yaml", "  cdc sink forget old -c cdc.yaml"})
final class SinkCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "reset",
            description = {
                "Have a sink begin anew, by its start setting, with the next run.",
                "Its target stays as it is: a sink that keeps its position there passes over what the target has."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int reset(
            @Parameters(paramLabel = "NAME", description = "The sink.") String name,
            @Mixin QueueOptions of,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        PipelineConfig config = of.config();
        String start = config == null
                ? "as its start setting says"
                : "with start: " + config.delivery(name).start();
        return remove(
                name,
                of,
                yes,
                "With the next run it begins anew, " + start + ". Changes before that do not come, or come again.",
                "sink " + name + " begins anew with the next run");
    }

    @Command(
            name = "forget",
            description = {
                "Forget a sink that is no longer in the configuration.",
                "Under the same name it is then a new sink."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int forget(
            @Parameters(paramLabel = "NAME", description = "The sink.") String name,
            @Mixin QueueOptions of,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        PipelineConfig config = of.config();
        if (config != null
                && config.sinks().stream().anyMatch(sink -> sink.name().equals(name))) {
            throw new SinkException(
                    ErrorCode.CONFIG_CONFLICT,
                    "sink \"" + name
                            + "\" is in the configuration. Remove it there first, or have it begin anew: cdc sink reset "
                            + name + " " + of.text() + ".");
        }
        return remove(name, of, yes, "Under this name it is then a new sink.", "sink " + name + " is forgotten");
    }

    private int remove(String name, QueueOptions of, boolean yes, String meaning, String done) {
        PrintWriter out = spec.commandLine().getOut();
        try (QueueDirectory directory = of.locked()) {
            if (!directory.sinks().contains(name)) {
                throw new SinkException(
                        ErrorCode.SINK_UNKNOWN,
                        "queue " + directory.path() + " has no checkpoint of a sink \"" + name + "\"; it has those of: "
                                + String.join(", ", directory.sinks()) + ".");
            }
            Prose.print(out, "The checkpoint of sink " + name + " is deleted. " + meaning);
            out.flush();
            if (!yes && !Question.ask(spec, "Delete it?")) {
                out.println("nothing was done");
                out.flush();
                return 1;
            }
            directory.forgetSink(name);
        }
        out.println(done);
        out.flush();
        return 0;
    }
}
