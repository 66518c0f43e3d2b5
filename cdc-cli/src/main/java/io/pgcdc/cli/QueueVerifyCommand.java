package io.pgcdc.cli;

import io.pgcdc.queue.disk.QueueView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks a queue's files. */
@Command(
        name = "verify",
        description = {
            "Read all changes of a queue, and check them against their checksums.",
            "Exit code 1, and the place, if a byte is damaged."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class QueueVerifyCommand implements Callable<Integer> {

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        QueueView view = QueueView.open(queue.queue());
        view.sinks();
        view.capture();
        view.layouts().close();
        QueueSummary all = QueueSummary.ofAll(view);
        PrintWriter out = spec.commandLine().getOut();
        Prose.print(
                out,
                "no damage: " + Amounts.count(all.changes()) + " changes in " + Amounts.count(all.segments())
                        + " segments, " + Amounts.bytes(all.bytes()) + "; checkpoints and layouts can be read");
        out.flush();
        return 0;
    }
}
