package io.pgcdc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.ControlClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Orders snapshots from a running pipeline, and steers them. */
@Command(
        name = "snapshot",
        description = "Make a running pipeline deliver the rows that tables have.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "[progress|pause|resume|cancel]",
        footer = {
            "",
            "Examples:",
            "  cdc snapshot -c cdc.yaml --table public.users",
            "  cdc snapshot -c cdc.yaml --table users --where \"id > 1000\" --to replica",
            "  cdc snapshot progress -c cdc.yaml",
            "  cdc snapshot cancel mx1v6r6e -c cdc.yaml"
        })
final class SnapshotCommand implements Callable<Integer> {

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description =
                    "Published table to read; may be repeated. You may omit the schema if only one table has this name.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--all-tables", description = "Read all published tables, or all that --to gets.")
    private boolean allTables;

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Read only the rows that meet this condition; with one --table.")
    private @Nullable String where;

    @Option(names = "--to", paramLabel = "SINK", description = "Deliver to this sink only; may be repeated.")
    private List<String> sinks = new ArrayList<>();

    @Option(
            names = "--reconcile",
            description = "Delete what the tables do not have from projections and Kafka topics, after a gap.")
    private boolean reconcile;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (tables.isEmpty() != allTables) {
            throw new ParameterException(spec.commandLine(), "name the tables with --table, or give --all-tables");
        }
        if (where != null && tables.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--where needs exactly one --table");
        }
        if (where != null && reconcile) {
            throw new ParameterException(spec.commandLine(), "--reconcile reads whole tables: omit --where");
        }
        Path directory = queue.queue();
        ObjectNode request = ControlClient.request("snapshot");
        add(request.putArray("tables"), tables);
        add(request.putArray("sinks"), sinks);
        request.put("where", where);
        request.put("reconcile", reconcile);
        String id = new ControlClient(directory).ask(request).path("id").asText();
        PrintWriter out = spec.commandLine().getOut();
        out.println("snapshot " + id + " is ordered");
        out.println("To see how far it is: cdc snapshot progress " + queue.text());
        out.flush();
        return 0;
    }

    private static void add(ArrayNode to, List<String> texts) {
        texts.forEach(to::add);
    }

    /** Sends a command for the snapshot with this id, and says what that means. */
    private int send(String command, String id, QueueOptions queue, String meaning) {
        new ControlClient(queue.queue()).ask(ControlClient.request(command).put("id", id));
        PrintWriter out = spec.commandLine().getOut();
        out.println("snapshot " + id + " " + meaning);
        out.flush();
        return 0;
    }

    @Command(
            name = "progress",
            description = "Show the snapshots of a running pipeline.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int progress(
            @Mixin QueueOptions of,
            @Option(names = "--json", description = "Print the pipeline's answer (docs/reference/control.md).")
                    boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        var snapshots = new ControlClient(of.queue())
                .ask(ControlClient.request("snapshots"))
                .path("snapshots");
        if (json) {
            out.println(snapshots);
        } else {
            SnapshotTableView.lines(snapshots).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "pause",
            description = "Pause the snapshot that is being read. Later ones wait for it.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int pause(@Parameters(paramLabel = "ID", description = "The snapshot's id.") String id, @Mixin QueueOptions of) {
        return send("pause-snapshot", id, of, "is paused");
    }

    @Command(
            name = "resume",
            description = "Continue a paused snapshot.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int resume(@Parameters(paramLabel = "ID", description = "The snapshot's id.") String id, @Mixin QueueOptions of) {
        return send("resume-snapshot", id, of, "continues");
    }

    @Command(
            name = "cancel",
            description = "Cancel a snapshot. Rows that were read are delivered.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int cancel(@Parameters(paramLabel = "ID", description = "The snapshot's id.") String id, @Mixin QueueOptions of) {
        return send("cancel-snapshot", id, of, "is cancelled");
    }
}
