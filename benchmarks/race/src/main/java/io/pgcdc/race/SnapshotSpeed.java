package io.pgcdc.race;

import io.pgcdc.race.ProcessMeter.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads all rows of one table: cdc's snapshot, and others. */
@Command(
        name = "snapshots",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lets cdc and others read the same rows, by turns, and writes down what it took them.")
public final class SnapshotSpeed implements Callable<Integer> {

    private static final String SLOT = "race_lap";

    /** The table with all rows, and one with one row: its reading is start and end. Each has a publication of its name. */
    private static final String FULL = "narrow";

    private static final String EMPTY = "one";

    /** A look at the machine; it is busy if it worked for more than that share of one core. */
    private static final int LOOK_MS = 600;

    private static final double BUSY_SHARE = 0.15;
    private static final int BETWEEN_LOOKS_MS = 2_000;

    @Mixin
    private RaceOptions options = new RaceOptions();

    @Option(
            names = "--contestant",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "psql,reader,cdc1,cdc,debezium",
            description = "Of psql, reader, cdc1 (one connection), cdc (two), debezium; ${DEFAULT-VALUE}.")
    private List<String> contestants = List.of();

    @Option(names = "--rows", paramLabel = "N", defaultValue = "3000000", description = "${DEFAULT-VALUE}.")
    private int rows;

    @Option(
            names = "--quiet",
            description = "Waits until the machine is idle before each reading, and repeats one after which it is not.")
    private boolean quiet;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "benchmarks/race/target/result",
            description = "For snapshots.md; ${DEFAULT-VALUE}.")
    private Path out = Path.of(".");

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SnapshotSpeed());
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (options.rounds() < 1 || rows < 1) {
            throw options.bad("--rounds and --rows: write more than 0");
        }
        List<Contestant> present = RaceOptions.present(contestants, this::contestant);
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".race-");
        try (RaceServer raceServer = options.server();
                Connection connection = raceServer.connect();
                Statement statement = connection.createStatement()) {
            write(statement);
            List<Standing> standings = new ArrayList<>();
            try {
                present.forEach(c -> standings.add(new Standing(Workload.NARROW, c.label(), rows)));
                for (Contestant contestant : present) {
                    check(raceServer, statement, contestant, work);
                }
                for (int round = 1; round <= options.rounds(); round++) {
                    for (int i = 0; i < present.size(); i++) {
                        System.err.println(
                                "round " + round + ", " + present.get(i).label());
                        Usage empty = measured(raceServer, statement, EMPTY, present.get(i), work);
                        Usage full = measured(raceServer, statement, FULL, present.get(i), work);
                        System.err.printf(
                                Locale.ROOT,
                                "  %.2f s, %.2f CPU s; start and end %.2f s, %.2f CPU s%n",
                                full.wallSeconds(),
                                full.cpuSeconds(),
                                empty.wallSeconds(),
                                empty.cpuSeconds());
                        standings.get(i).add(full, empty);
                    }
                }
                String page = page(
                        Report.conditions(RaceOptions.version(raceServer), present, options.rounds()), rows, standings);
                Files.createDirectories(out);
                Files.writeString(out.resolve("snapshots.md"), page);
                System.out.println(page);
            } finally {
                drop(statement);
            }
        } finally {
            Directories.delete(work);
        }
        return 0;
    }

    private Contestant contestant(String name) {
        return switch (name) {
            case "psql" -> new PsqlCopy();
            case "reader" -> JvmContestant.reader(CopyReader.class);
            case "cdc1" -> new CdcSnapshot(options.launcher(), 1);
            case "cdc" -> new CdcSnapshot(options.launcher(), 2);
            case "debezium" -> JvmContestant.debezium(DebeziumSnapshot.class);
            default -> throw options.bad("no contestant \"" + name + "\": write psql, reader, cdc1, cdc or debezium");
        };
    }

    private void write(Statement statement) throws SQLException {
        System.err.println("writing " + rows + " rows");
        drop(statement);
        statement.execute("CREATE SCHEMA race");
        String columns = " (id bigint PRIMARY KEY, name text, note text)";
        for (String table : List.of(FULL, EMPTY)) {
            statement.execute("CREATE TABLE race." + table + columns);
            statement.execute("INSERT INTO race." + table
                    + " SELECT g, 'customer ' || g, 'a note that says what there was to say today' FROM generate_series(1, "
                    + (table.equals(FULL) ? rows : 1) + ") g");
            statement.execute("CREATE PUBLICATION " + table + " FOR TABLE race." + table);
            // otherwise the first reading writes each page again
            statement.execute("VACUUM (FREEZE, ANALYZE) race." + table);
        }
        statement.execute("CHECKPOINT");
    }

    private static void drop(Statement statement) throws SQLException {
        dropSlot(statement);
        statement.execute("DROP PUBLICATION IF EXISTS " + FULL + ", " + EMPTY);
        statement.execute("DROP SCHEMA IF EXISTS race CASCADE");
    }

    private static void dropSlot(Statement statement) throws SQLException {
        // a reader that has just ended may still have it
        statement.execute("SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE slot_name = '"
                + SLOT + "' AND active");
        statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                + SLOT + "'");
    }

    /** Counts what it reads, once. This also brings the table into the server's cache. */
    private void check(RaceServer raceServer, Statement statement, Contestant contestant, Path work)
            throws SQLException, IOException {
        System.err.println(contestant.label() + " is checked");
        Path stdout = work.resolve("lap/stdout");
        lap(raceServer, statement, FULL, contestant, work, stdout.toString());
        Seen seen = contestant.check(stdout, work.resolve("lap/stderr"));
        if (!seen.agreesWith(new Seen(rows, -1))) {
            throw new IllegalStateException(contestant.label() + " saw " + seen + ", there are " + rows);
        }
    }

    private Usage measured(RaceServer raceServer, Statement statement, String table, Contestant contestant, Path work)
            throws SQLException, IOException, InterruptedException {
        while (true) {
            while (quiet && isBusy()) {
                Thread.sleep(BETWEEN_LOOKS_MS);
            }
            Usage usage = lap(raceServer, statement, table, contestant, work, "/dev/null");
            if (!quiet || !isBusy()) {
                return usage;
            }
            System.err.println("  the machine had other work: again");
        }
    }

    private static boolean isBusy() throws InterruptedException {
        double before = Proc.busySeconds();
        Thread.sleep(LOOK_MS);
        return Proc.busySeconds() - before > BUSY_SHARE * LOOK_MS / 1_000;
    }

    private static Usage lap(
            RaceServer raceServer, Statement statement, String table, Contestant contestant, Path work, String stdout)
            throws SQLException, IOException {
        dropSlot(statement);
        Path directory = work.resolve("lap");
        Directories.delete(directory);
        Files.createDirectories(directory);
        return ProcessMeter.lap(new Lap(raceServer, SLOT, table, ""), contestant, directory, stdout);
    }

    private static String page(String conditions, int rows, List<Standing> standings) {
        Standing psql = standings.stream()
                .filter(standing -> standing.contestant().startsWith("psql"))
                .findFirst()
                .orElse(standings.get(0));
        StringBuilder page = new StringBuilder(conditions)
                .append(String.format(
                        Locale.ROOT,
                        "%n%n| %,d rows of 3 columns | k rows/s | of %s | CPU s/million | with start-up: wall s | speed of %s | CPU s/million | RssAnon MB | VmHWM MB |%n|---|---|---|---|---|---|---|---|---|%n",
                        rows,
                        psql.contestant(),
                        psql.contestant()));
        for (Standing standing : standings) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f |%n",
                    standing.contestant(),
                    standing.changesPerSecond() / 1000,
                    standing.changesPerSecond() / psql.changesPerSecond(),
                    standing.cpuPerMillion(),
                    standing.wallSeconds(),
                    psql.wallSeconds() / standing.wallSeconds(),
                    standing.wholeCpuPerMillion(),
                    standing.anonMegabytes(),
                    standing.peakMegabytes()));
        }
        return page.toString();
    }
}
