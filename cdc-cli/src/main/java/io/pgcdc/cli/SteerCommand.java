package io.pgcdc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.ControlClient;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Pauses parts of a running pipeline, lets them continue, or starts failed sinks again. */
abstract class SteerCommand implements Callable<Integer> {

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(
            names = "--sink",
            paramLabel = "NAME",
            description = "This sink; may be repeated. Pause and resume without it: the reading from the server.")
    private Set<String> sinks = new LinkedHashSet<>();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    CommandSpec spec = CommandSpec.create();

    private final String command;
    private final String done;

    private SteerCommand(String command, String done) {
        this.command = command;
        this.done = done;
    }

    /**
     * Checks the sinks that were named.
     *
     * @throws ParameterException they are not what the command needs
     */
    void check(Set<String> named) {}

    @Override
    public Integer call() {
        check(sinks);
        ObjectNode request = ControlClient.request(command);
        ArrayNode names = request.putArray("sinks");
        sinks.forEach(names::add);
        new ControlClient(queue.queue()).ask(request);
        PrintWriter out = spec.commandLine().getOut();
        if (sinks.isEmpty()) {
            out.println("reading " + done);
        }
        sinks.forEach(sink -> out.println("sink " + sink + " " + done));
        out.flush();
        return 0;
    }

    @Command(
            name = "pause",
            description = {
                "Pause sinks of a running pipeline, or its reading.",
                "A paused sink has finished its transaction. The queue keeps its changes. The pause ends with the run."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  cdc pause --sink replica -c cdc.yaml",
                "  cdc pause -c cdc.yaml            (sinks continue; the server keeps its WAL)"
            })
    static final class Pause extends SteerCommand {
        Pause() {
            super("pause", "is paused");
        }
    }

    @Command(
            name = "resume",
            description = {
                "Let paused sinks of a running pipeline, or its reading, continue.",
                "A sink whose target failed tries again at once."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Examples:", "  cdc resume --sink replica -c cdc.yaml", "  cdc resume -c cdc.yaml"})
    static final class Resume extends SteerCommand {
        Resume() {
            super("resume", "continues");
        }
    }

    @Command(
            name = "retry",
            description = {
                "Start sinks of a running pipeline again that have failed for good.",
                "A sink gets the same changes again, on a new connection. One that waits to try again does so at once."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example:", "  cdc retry --sink replica -c cdc.yaml"})
    static final class Retry extends SteerCommand {
        Retry() {
            super("retry", "tries again");
        }

        @Override
        void check(Set<String> named) {
            if (named.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "name the sink with --sink");
            }
        }
    }
}
