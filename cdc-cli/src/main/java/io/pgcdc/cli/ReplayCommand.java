package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.control.ControlClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has a running pipeline give a sink changes again. */
@Command(
        name = "replay",
        description = {
            "Give a sink of a running pipeline changes again that the queue still holds.",
            "Says what that means for the sink, then asks. Afterwards the sink continues where it was, also after a crash."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "POSITION is that of a change, such as 0/1A2B3C8:5; TIME is that of a commit, with",
            "its zone, such as 2026-01-02T03:04:05Z. Whole transactions are replayed.",
            "",
            "Examples:",
            "  cdc replay -c cdc.yaml --sink out --from 2026-01-02T03:04:05Z",
            "  cdc replay -c cdc.yaml --sink bus --from 0/1A2B3C8:5 --to 0/1A2C000:0 --table public.users",
            "  cdc replay -c cdc.yaml --sink out --cancel"
        })
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(names = "--sink", paramLabel = "NAME", required = true, description = "The sink.")
    private String sink = "";

    @Option(names = "--from", paramLabel = "POSITION|TIME", description = "The first change.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "POSITION|TIME",
            description = "The last change. Without it: all that the sink has.")
    private @Nullable String to;

    @Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description = "Only changes of this table; may be repeated. SCHEMA.* is all of a schema.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--reset",
            description =
                    "Projections: first empty the tables of which changes come. Rows that did not change since --from are lost.")
    private boolean reset;

    @Option(names = "--cancel", description = "End the sink's replay: it continues where it was before.")
    private boolean cancel;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ControlClient client = new ControlClient(queue.queue());
        PrintWriter out = spec.commandLine().getOut();
        if (cancel) {
            client.ask(ControlClient.request("cancel-replay").put("sink", sink));
            out.println("the replay of sink " + sink + " is ended");
            out.flush();
            return 0;
        }
        if (from == null) {
            throw new ParameterException(spec.commandLine(), "name the first change with --from");
        }
        tell(client.ask(request("plan-replay")), out);
        if (!yes && !Question.ask(spec, "Begin?")) {
            out.println("nothing was done");
            out.flush();
            return 1;
        }
        client.ask(request("replay"));
        out.println("the replay has begun; the sink's new changes wait until it is over");
        out.println("To end it early: cdc replay --sink " + sink + " --cancel " + queue.text());
        out.flush();
        return 0;
    }

    private ObjectNode request(String command) {
        ObjectNode request = ControlClient.request(command)
                .put("sink", sink)
                .put("from", from)
                .put("reset", reset);
        if (to != null) {
            request.put("to", to);
        }
        ArrayNode named = request.putArray("tables");
        tables.forEach(named::add);
        return request;
    }

    private void tell(JsonNode plan, PrintWriter out) {
        List<String> named = texts(plan.path("tables"));
        Prose.print(
                out,
                "sink " + sink + " gets changes again, from "
                        + plan.path("from").asText() + " to "
                        + plan.path("until").asText()
                        + (plan.path("complete").asBoolean() ? ", the last one that it has" : "")
                        + (named.isEmpty() ? "" : "; only of " + String.join(", ", named)));
        Prose.print(out, plan.path("meaning").asText());
        List<String> emptied = texts(plan.path("emptied"));
        if (!emptied.isEmpty()) {
            Prose.print(
                    out,
                    "First its tables for " + String.join(", ", emptied)
                            + " are emptied. Rows that did not change since then do not come back: cdc snapshot reads them.");
        }
        out.flush();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
