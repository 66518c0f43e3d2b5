package io.pgcdc.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The command: judges a file of changes. */
public final class Main {

    static final int FAULTS = 1;
    static final int USAGE = 2;

    private static final int MOST_PRINTED = 100;

    private static final String HELP = """
            Usage: java -jar cdc-history.jar [--format pgcdc|debezium] [--map FIELD=POINTER,...]
                     [--rows FILE] [--restarts] [--partial] [--ignore SCHEMA.TABLE.COLUMN]... [CHANGES]

            Judges a stream of changes, one JSON record a line, from the file CHANGES or
            from standard input: what is lost, came twice, is out of order, differs.

              --format    whose records they are; pgcdc if it is left out
              --map       where other records have a field, as a JSON pointer: position,
                          operation, schema, table, key, old, new, unchanged
              --rows      the source's tables at the end (the README has the command)
              --restarts  the tool was restarted: changes may come again, in order
              --partial   the tables had rows before the first change
              --ignore    do not compare this column

            Exit codes: 0 no fault; 1 faults; 2 wrong usage, or input that cannot be read.
            """;

    private Mapping mapping = Mapping.PGCDC;
    private final List<String> maps = new ArrayList<>();
    private @Nullable String rows;
    private @Nullable String changes;
    private boolean restarts;
    private boolean partial;
    private boolean help;
    private final Set<String> ignored = new HashSet<>();

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.in, System.out, System.err));
    }

    /** Runs the command and returns its exit code. */
    static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
        try {
            Main main = new Main();
            main.parse(arguments);
            if (main.help) {
                out.print(HELP);
                return 0;
            }
            return main.judge(in, out);
        } catch (IllegalArgumentException | IOException e) {
            err.println("cdc-history: " + (e instanceof IllegalArgumentException ? e.getMessage() : "cannot read " + e)
                    + ". See --help.");
            return USAGE;
        }
    }

    private void parse(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String flag = arguments[i];
            switch (flag) {
                case "--help", "-h" -> help = true;
                case "--restarts" -> restarts = true;
                case "--partial" -> partial = true;
                case "--format" -> mapping = format(value(arguments, ++i));
                case "--map" -> maps.add(value(arguments, ++i));
                case "--rows" -> rows = value(arguments, ++i);
                case "--ignore" -> ignored.add(value(arguments, ++i));
                default -> {
                    if (changes != null || (flag.startsWith("-") && !flag.equals("-"))) {
                        throw new IllegalArgumentException("unknown argument " + flag);
                    }
                    changes = flag;
                }
            }
        }
        maps.forEach(map -> mapping = mapping.with(map));
    }

    private static String value(String[] arguments, int at) {
        if (at == arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " has no value");
        }
        return arguments[at];
    }

    private static Mapping format(String name) {
        return switch (name) {
            case "pgcdc" -> Mapping.PGCDC;
            case "debezium" -> Mapping.DEBEZIUM;
            default -> throw new IllegalArgumentException("--format is \"" + name + "\"; write pgcdc or debezium");
        };
    }

    private int judge(InputStream in, PrintStream out) throws IOException {
        SourceTables source = new SourceTables();
        if (rows != null) {
            try (InputStream file = Files.newInputStream(Path.of(rows))) {
                each(rows, file, source::add);
            }
        }
        long[] faults = new long[1];
        Consumer<Finding> findings = finding -> {
            if (faults[0]++ < MOST_PRINTED) {
                out.println(finding);
            }
        };
        History history = new History(mapping, source.keys(), ignored, findings);
        if (restarts) {
            history.mayRestart();
        }
        if (partial) {
            history.rowsFollow();
        }
        if (changes == null || changes.equals("-")) {
            each("standard input", in, history::add);
        } else {
            try (InputStream file = Files.newInputStream(Path.of(changes))) {
                each(changes, file, history::add);
            }
        }
        Set<String> left = rows == null
                ? Set.of()
                : source.compare(history.replayed(), new Values(!mapping.strict(), ignored), partial, findings);
        summary(history, left, faults[0], out);
        return faults[0] == 0 ? 0 : FAULTS;
    }

    private void summary(History history, Set<String> left, long faults, PrintStream out) {
        if (faults > MOST_PRINTED) {
            out.println("… and " + (faults - MOST_PRINTED) + " more");
        }
        out.println(history.size() + " changes, " + history.repeats() + " came again after " + history.restarts()
                + " restarts, " + history.others() + " other records; "
                + (faults == 0 ? "no fault" : faults == 1 ? "1 fault" : faults + " faults"));
        if (rows == null) {
            out.println("not compared with the source: give its tables with --rows");
        } else if (!left.isEmpty()) {
            out.println("not compared, because --rows has no key of it: " + String.join(", ", left));
        }
    }

    private static void each(String name, InputStream in, Consumer<String> taker) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                try {
                    taker.accept(line);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(name + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
