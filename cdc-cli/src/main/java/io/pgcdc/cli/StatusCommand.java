package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.ControlClient;
import io.pgcdc.cli.control.GroupStatus;
import io.pgcdc.cli.control.ServerAnswer;
import io.pgcdc.cli.control.StoppedStatus;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.disk.QueueView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows how a pipeline is. */
@Command(
        name = "status",
        description = {
            "Show how a pipeline is: source, queue, sinks and snapshots. If it does not run: what its queue holds.",
            "Exit code: 0 healthy; 3 degraded: a part stands still or fails; 4 down: nothing is delivered."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  cdc status -c cdc.yaml",
            "  cdc status -c cdc.yaml --ask-server",
            "  cdc status --queue-dir ./queue --watch"
        })
final class StatusCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int DEGRADED = 3;
    private static final int DOWN = 4;
    private static final long TURN_MS = 1_000;

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(names = "--watch", description = "Show it again every second, until you interrupt it.")
    private boolean watch;

    @Option(
            names = "--json",
            description = "Print JSON, as docs/reference/control.md describes it; with --watch a line a second.")
    private boolean json;

    @Option(
            names = "--ask-server",
            description = "If no pipeline runs: ask the server, too, how the slot is. Needs -c.")
    private boolean askServer;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = new Screen(out, watch && !json);
        // a queue that is named by its directory needs no file
        Map<String, PipelineConfig> configs = askServer || queue.isList() ? queue.configs() : Map.of();
        if (askServer && configs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--ask-server needs -c FILE, which names the server");
        }
        Map<String, ServerAnswer> servers = new HashMap<>();
        CountDownLatch stopped = new CountDownLatch(1);
        StopSignal.onStop(stopped::countDown);
        JsonNode status;
        try {
            if (askServer) {
                configs.forEach((name, config) -> servers.put(name, new ServerAnswer(config.source())));
            }
            do {
                status = queue.isList()
                        ? GroupStatus.of(configs.values().stream()
                                .map(one -> readOf(one.name(), one.queue().dir(), servers))
                                .toList())
                        : readOnly(servers);
                print(status, screen);
            } while (watch && !screen.isGone() && !stopped.await(TURN_MS, TimeUnit.MILLISECONDS));
        } finally {
            servers.values().forEach(ServerAnswer::close);
        }
        return exitCode(status);
    }

    /** Reads the only one. An unreadable queue ends the command, unless the server can say more. */
    private JsonNode readOnly(Map<String, ServerAnswer> servers) {
        return servers.isEmpty()
                ? read(queue.queue(), null)
                : readOf(servers.keySet().iterator().next(), queue.queue(), servers);
    }

    /** Reads one, whose error must hide neither another nor what its server says. */
    private static ObjectNode readOf(String pipeline, Path directory, Map<String, ServerAnswer> servers) {
        ServerAnswer server = servers.get(pipeline);
        try {
            return read(directory, server).put("pipeline", pipeline);
        } catch (CdcException e) {
            ObjectNode unknown = StoppedStatus.unknown(pipeline, e);
            if (server != null) {
                server.addTo(unknown, JSON);
            }
            return unknown;
        }
    }

    private static ObjectNode read(Path directory, @Nullable ServerAnswer server) {
        ControlClient client = new ControlClient(directory);
        if (client.hasSocket()) {
            try {
                return (ObjectNode) client.ask(ControlClient.request("status")).path("status");
            } catch (QueueException e) {
                if (e.code() != ErrorCode.CONTROL_UNREACHABLE) {
                    throw e;
                }
                // it was killed, or has ended just now
            }
        }
        ObjectNode stopped = StoppedStatus.read(QueueView.open(directory), JSON);
        if (server != null) {
            server.addTo(stopped, JSON);
        }
        return stopped;
    }

    private void print(JsonNode status, Screen screen) {
        if (json) {
            screen.show(List.of(watch ? status.toString() : status.toPrettyString()));
            return;
        }
        screen.show(
                queue.isList()
                        ? StatusView.linesOfGroup(status, Screen.columns())
                        : StatusView.lines(status, Screen.columns()));
    }

    private static int exitCode(JsonNode status) {
        return switch (status.path("health").asText()) {
            case "healthy" -> 0;
            case "degraded" -> DEGRADED;
            default -> DOWN;
        };
    }
}
