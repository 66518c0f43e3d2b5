package io.pgcdc.cli;

import io.pgcdc.delivery.QueueChanges;
import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TablePattern;
import io.pgcdc.queue.disk.QueueView;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/** Prints the changes in a queue. */
@Command(
        name = "cat",
        description = {
            "Print the changes that a queue holds, in the order of their delivery.",
            "All of them, without any sink's masks and filters."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  cdc queue cat --queue-dir ./queue --table public.users",
            "  cdc queue cat --queue-dir ./queue --from 2026-03-01T12:00:00Z --json | jq .new"
        })
final class QueueCatCommand implements Callable<Integer> {

    @Mixin
    private QueueOptions queue = new QueueOptions();

    @Option(
            names = "--from",
            paramLabel = "POSITION|TIME",
            description = "Begin with this change, or with the first that was committed at or after this time.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "POSITION|TIME", description = "End with this change, or at this time.")
    private @Nullable String to;

    @Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description = "Only changes of this table; may be repeated, and have a * for many.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--json", description = "Print each change as sink stdout does: one JSON object a line.")
    private boolean json;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Printer printer = new Printer(
                place("--from", from),
                place("--to", to),
                tables.stream().map(this::table).toList());
        QueueView view = QueueView.open(queue.queue());
        try (QueueChanges changes = new QueueChanges(view::reader, view::layouts)) {
            changes.read(printer);
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private TablePattern table(String text) {
        try {
            return TablePattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--table " + text + "; write " + e.getMessage());
        }
    }

    private @Nullable ReplayPlace place(String option, @Nullable String text) {
        try {
            return text == null ? null : ReplayPlace.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " " + text + " is not " + e.getMessage());
        }
    }

    /** Returns less than zero if the change is before the place; zero: it is there. */
    private static int compare(Change change, ReplayPlace place) {
        Position position = place.position();
        Instant time = place.time();
        if (position != null) {
            return change.position().compareTo(position);
        }
        return time == null ? 0 : commit(change).compareTo(time);
    }

    private static Instant commit(Change change) {
        return Instant.EPOCH.plus(change.commitTimeMicros(), ChronoUnit.MICROS);
    }

    private final class Printer implements QueueChanges.Taker {

        private final @Nullable ReplayPlace from;
        private final @Nullable ReplayPlace to;
        private final List<TablePattern> tables;
        private final NativeFormat format = new NativeFormat();
        private final JsonBuffer line = new JsonBuffer();
        private final PrintWriter out = spec.commandLine().getOut();
        private boolean ended;

        Printer(@Nullable ReplayPlace from, @Nullable ReplayPlace to, List<TablePattern> tables) {
            this.from = from;
            this.to = to;
            this.tables = tables;
        }

        @Override
        public void take(Change change) {
            if (to != null && compare(change, to) > 0) {
                ended = to.position() != null;
                return;
            }
            if ((from == null || compare(change, from) >= 0) && isOfTables(change)) {
                print(change);
            }
        }

        private boolean isOfTables(Change change) {
            Relation table = change.relation();
            return tables.isEmpty()
                    || (table != null
                            && tables.stream().anyMatch(pattern -> pattern.matches(table.schema(), table.name())));
        }

        private void print(Change change) {
            if (json) {
                line.clear();
                format.append(change, line);
                out.println(new String(line.array(), 0, line.length(), StandardCharsets.UTF_8));
                return;
            }
            Relation table = change.relation();
            out.println(change.position() + " " + commit(change) + " " + change.kind()
                    + (table == null ? "" : " " + table.qualifiedName()));
        }

        @Override
        public boolean hasAll() {
            return ended || out.checkError();
        }
    }
}
