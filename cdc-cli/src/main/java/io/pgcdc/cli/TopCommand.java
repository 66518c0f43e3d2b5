package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.cli.control.ControlClient;
import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.error.QueueException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows which tables cost what. */
@Command(
        name = "top",
        description = {
            "Show which tables cost what: changes, bytes that the server sends for them, whole old rows (REPLICA IDENTITY FULL),"
                    + " and columns that no sink reads, with the SQL that saves them.",
            "On a terminal again every two seconds, until you interrupt it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Examples:", "  cdc top -c cdc.yaml", "  cdc top --queue-dir ./queue --json | jq '.tables[0]'"})
final class TopCommand implements Callable<Integer> {

    private static final long TURN_MS = 2_000;
    private static final long PAUSE_MS = 100;
    private static final int PATIENCE = 30;

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(names = "--once", description = "Show it once.")
    private boolean once;

    @Option(names = "--json", description = "Print JSON once, as docs/reference/control.md describes it.")
    private boolean json;

    /** True if one of several pipelines did not answer. */
    private boolean failed;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean repeats = !once && !json && Screen.isTerminal();
        Screen screen = new Screen(out, repeats);
        Map<String, Path> queues = queues();
        CountDownLatch stopped = new CountDownLatch(1);
        StopSignal.onStop(stopped::countDown);
        do {
            List<String> lines = new ArrayList<>();
            failed = false;
            for (Map.Entry<String, Path> of : queues.entrySet()) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                lines.addAll(lines(of.getKey(), of.getValue(), !repeats));
            }
            screen.show(lines);
        } while (repeats && !screen.isGone() && !stopped.await(TURN_MS, TimeUnit.MILLISECONDS));
        return failed ? 1 : 0;
    }

    /** Returns what a pipeline says. Of several, one that does not run must not hide the others. */
    private List<String> lines(String pipeline, Path of, boolean patient) throws InterruptedException {
        try {
            JsonNode tables = tables(of, patient);
            return json ? List.of(tables.toPrettyString()) : TopView.lines(tables, Screen.columns());
        } catch (QueueException e) {
            if (!queue.isList() || json) {
                throw e;
            }
            failed = true;
            return Wrapped.text(pipeline + ": ", e.describe(), Screen.columns());
        }
    }

    /**
     * Asks a pipeline.
     *
     * @param patient whether to wait a moment for what the server must be asked about
     */
    private static JsonNode tables(Path queue, boolean patient) throws InterruptedException {
        ControlClient client = new ControlClient(queue);
        JsonNode tables = client.ask(ControlClient.request("tables")).path("tables");
        for (int i = 0; patient && i < PATIENCE && isAsking(tables); i++) {
            Thread.sleep(PAUSE_MS);
            tables = client.ask(ControlClient.request("tables")).path("tables");
        }
        return tables;
    }

    private static boolean isAsking(JsonNode tables) {
        return tables.path("tables").findValuesAsText("why_no_sql").stream()
                .anyMatch(why -> why.startsWith("the server is being asked"));
    }

    /** Returns the queues' directories by pipeline. */
    private Map<String, Path> queues() {
        if (!queue.isList()) {
            return Map.of("", queue.queue());
        }
        Map<String, Path> queues = new LinkedHashMap<>();
        queue.configs()
                .forEach((name, config) -> queues.put(name, config.queue().dir()));
        return queues;
    }
}
