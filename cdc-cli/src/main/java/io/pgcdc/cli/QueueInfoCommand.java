package io.pgcdc.cli;

import io.pgcdc.cli.text.Wrapped;
import io.pgcdc.model.Lsn;
import io.pgcdc.queue.CaptureCheckpoint;
import io.pgcdc.queue.disk.QueueView;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what a queue's directory is and holds. */
@Command(
        name = "info",
        description = "Show whose queue it is, what it holds, and how far each sink has come.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class QueueInfoCommand implements Callable<Integer> {

    private static final int LABEL = 14;

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        QueueView view = QueueView.open(queue.queue());
        QueueSummary summary = QueueSummary.ofHeaders(view);
        line("directory", view.directory() + ", " + Amounts.bytes(view.storedBytes()));
        line("source", view.identity().describe());
        if (summary.segments() == 0) {
            line("changes", "none");
        } else {
            line(
                    "changes",
                    Amounts.count(summary.changes()) + " in " + Amounts.count(summary.segments()) + " segments");
            line("from", Lsn.toString(summary.firstLsn()) + ", committed at " + time(summary.firstMicros()));
            line("to", Lsn.toString(summary.lastLsn()) + ", committed at " + time(summary.lastMicros()));
        }
        CaptureCheckpoint capture = view.capture();
        if (capture != null) {
            line("acknowledged", Lsn.toString(capture.acknowledgedLsn()) + " to the server, epoch " + capture.epoch());
        }
        Map<String, Long> deadLetters = view.deadLetters();
        view.sinks().forEach((name, checkpoint) -> {
            long refused = deadLetters.getOrDefault(name, 0L);
            line(
                    "sink",
                    name + " has all up to " + checkpoint.home().position()
                            + (checkpoint.replay() == null ? "" : ", and has not finished a replay")
                            + (refused == 0 ? "" : ", " + Amounts.count(refused) + " dead letters"));
        });
        view.gaps().forEach(gap -> line("gap", gap));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private void line(String label, String text) {
        PrintWriter out = spec.commandLine().getOut();
        Wrapped.text(label + " ".repeat(LABEL - label.length()), text, Prose.columns())
                .forEach(out::println);
    }

    private static String time(long micros) {
        return Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }
}
