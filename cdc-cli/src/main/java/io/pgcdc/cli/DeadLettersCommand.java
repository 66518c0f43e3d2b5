package io.pgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.LetterFile.Letter;
import io.pgcdc.cli.control.ControlClient;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.disk.QueueDirectory;
import io.pgcdc.queue.disk.QueueView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and removes the changes that targets refused, and has them delivered again. */
@Command(
        name = "dead-letters",
        description =
                "Show the changes that sinks' targets refused (dead_letter: true), deliver them again, or drop them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "A letter is named by the position of its change.",
            "",
            "Examples:",
            "  cdc dead-letters list -c cdc.yaml",
            "  cdc dead-letters show 0/1A2B3C8:5 -c cdc.yaml",
            "  cdc dead-letters retry 0/1A2B3C8:5 --sink audit -c cdc.yaml"
        })
final class DeadLettersCommand {

    private static final String ROW = "%-20s %-12s %-24s %s";
    private static final int COLUMNS = 80;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "List the letters, the oldest first. Works while the pipeline runs, and while it does not.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int list(
            @Mixin QueueOptions of,
            @Option(names = "--sink", paramLabel = "NAME", description = "Only this sink.") @Nullable String sink) {
        List<Letter> letters = letters(of.queue(), sink);
        PrintWriter out = spec.commandLine().getOut();
        if (letters.isEmpty()) {
            out.println("no dead letters");
        } else {
            out.println(cut(String.format(ROW, "POSITION", "SINK", "CHANGE", "ERROR")));
        }
        for (Letter letter : letters) {
            JsonNode record = letter.content().path("record");
            String change = record.path("change_type").asText() + " "
                    + record.path("table_name").asText();
            out.println(cut(String.format(
                    ROW,
                    letter.id(),
                    letter.sink(),
                    change,
                    letter.content().path("error").asText())));
        }
        out.flush();
        return 0;
    }

    private static String cut(String line) {
        String one = line.replace('\n', ' ').stripTrailing();
        int columns = Prose.columns() == Integer.MAX_VALUE ? COLUMNS : Prose.columns();
        return one.length() <= columns ? one : one.substring(0, columns - 1) + "…";
    }

    @Command(
            name = "show",
            description =
                    "Show a letter: when and why the change was refused, and the change as JSON. It holds values of the row.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int show(
            @Parameters(paramLabel = "POSITION", description = "The position of its change.") String id,
            @Mixin QueueOptions of,
            @Option(names = "--sink", paramLabel = "NAME", description = "Only this sink.") @Nullable String sink) {
        PrintWriter out = spec.commandLine().getOut();
        for (Letter letter : named(of.queue(), sink, id)) {
            out.println("sink " + letter.sink() + ", refused at "
                    + letter.content().path("refused_at").asText());
            Prose.print(out, letter.content().path("error").asText());
            out.println(letter.content().path("record"));
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "retry",
            description = {
                "Have a running pipeline deliver the letter's transaction again, only its table: a replay of it.",
                "Later changes of the same row are in the target already. So a projection gets all changes of the table since then."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int retry(
            @Parameters(paramLabel = "POSITION", description = "The position of its change.") String id,
            @Mixin QueueOptions of,
            @Option(names = "--sink", paramLabel = "NAME", required = true, description = "The sink.") String sink,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        Letter letter = named(of.queue(), sink, id).get(0);
        ControlClient client = new ControlClient(of.queue());
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode request = request(letter);
        JsonNode plan;
        try {
            plan = client.ask(request.put("command", "plan-replay").put("to", id));
        } catch (SourceException e) {
            if (e.code() != ErrorCode.REPLAY_REFUSED) {
                throw e;
            }
            request.remove("to"); // a projection must get all later changes, too
            plan = client.ask(request);
        }
        Prose.print(
                out,
                "sink " + sink + " gets changes again, from "
                        + plan.path("from").asText() + " to "
                        + plan.path("until").asText() + ". "
                        + plan.path("meaning").asText());
        out.flush();
        if (!yes && !Question.ask(spec, "Begin?")) {
            out.println("nothing was done");
            out.flush();
            return 1;
        }
        client.ask(request.put("command", "replay"));
        Prose.print(
                out,
                "The change is on its way. If it is refused again, there is another letter; if not, drop this one when the run has ended:");
        out.println("  cdc dead-letters drop " + id + " --sink " + sink + " " + of.text());
        out.flush();
        return 0;
    }

    private static ObjectNode request(Letter letter) {
        JsonNode record = letter.content().path("record");
        ObjectNode request =
                ControlClient.request("plan-replay").put("sink", letter.sink()).put("from", letter.id());
        JsonNode table = record.path("table_name");
        if (table.isTextual()) {
            request.putArray("tables")
                    .add(new TablePattern(record.path("schema_name").asText(), table.asText()).toString());
        }
        return request;
    }

    @Command(
            name = "drop",
            description = "Delete a letter for good. The pipeline must not run.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int drop(
            @Parameters(paramLabel = "POSITION", description = "The position of its change.") String id,
            @Mixin QueueOptions of,
            @Option(names = "--sink", paramLabel = "NAME", description = "Only this sink.") @Nullable String sink,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        PrintWriter out = spec.commandLine().getOut();
        try (QueueDirectory locked = of.locked()) {
            int count = named(locked.path(), sink, id).size();
            if (!yes && !Question.ask(spec, "Delete " + count + (count == 1 ? " letter?" : " letters?"))) {
                out.println("nothing was done");
                out.flush();
                return 1;
            }
            for (LetterFile file : LetterFile.of(locked.path())) {
                if (sink == null || sink.equals(file.sink())) {
                    List<Letter> all = file.letters();
                    List<Letter> kept = all.stream()
                            .filter(letter -> !letter.id().equals(id))
                            .toList();
                    if (kept.size() < all.size()) {
                        file.write(locked, kept);
                    }
                }
            }
            out.println(count + (count == 1 ? " letter is deleted" : " letters are deleted"));
            out.flush();
        }
        return 0;
    }

    private static List<Letter> letters(Path queue, @Nullable String sink) {
        QueueView.open(queue); // refuses a directory that is no queue's
        return LetterFile.of(queue).stream()
                .filter(file -> sink == null || sink.equals(file.sink()))
                .flatMap(file -> file.letters().stream())
                .toList();
    }

    private static List<Letter> named(Path queue, @Nullable String sink, String id) {
        List<Letter> found = letters(queue, sink).stream()
                .filter(letter -> letter.id().equals(id))
                .toList();
        if (found.isEmpty()) {
            throw new SinkException(
                    ErrorCode.CONFIG_BAD_VALUE,
                    "there is no dead letter " + id + (sink == null ? "" : " of sink " + sink) + "; in " + queue
                            + ". List them: cdc dead-letters list.");
        }
        return found;
    }
}
