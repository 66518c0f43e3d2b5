package io.pgcdc.race;

import io.pgcdc.race.ProcessMeter.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "A server to use, superuser, wal_level = logical; the schema \"race\" in"
                    + " its database is dropped. Default: one from the embedded binaries.")
    private @Nullable String server;

    @Option(
            names = "--version-of-server",
            paramLabel = "N",
            defaultValue = "18",
            description = "Of the embedded one: 14 to 18; ${DEFAULT-VALUE}.")
    private int version;

    @Option(
            names = "--contestant",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "psql,reader,cdc1,cdc,debezium",
            description = "Of psql, reader, cdc1 (one connection), cdc (two), debezium; ${DEFAULT-VALUE}.")
    private List<String> contestants = List.of();

    @Option(names = "--rows", paramLabel = "N", defaultValue = "3000000", description = "${DEFAULT-VALUE}.")
    private int rows;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Readings each; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--quiet",
            description = "Waits until the machine is idle before each reading, and repeats one after which it is not.")
    private boolean quiet;

    @Option(
            names = "--cdc",
            paramLabel = "FILE",
            defaultValue = "./cdc",
            description = "The command to race; ${DEFAULT-VALUE}.")
    private Path launcher = Path.of("cdc");

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
        if (rounds < 1 || rows < 1) {
            throw bad("--rounds and --rows: write more than 0");
        }
        List<Contestant> present = new ArrayList<>();
        for (String name : contestants) {
            Contestant contestant = contestant(name);
            if (contestant.isPresent()) {
                present.add(contestant);
            } else {
                System.err.println(contestant.label() + " is not here, and does not take part");
            }
        }
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".race-");
        try (RaceServer raceServer = server == null ? RaceServer.embedded(version) : RaceServer.given(server);
                Connection connection = raceServer.connect();
                Statement statement = connection.createStatement()) {
            write(statement);
            List<Standing> standings = new ArrayList<>();
            try {
                present.forEach(c -> standings.add(new Standing(Workload.NARROW, c.label(), rows)));
                for (Contestant contestant : present) {
                    check(raceServer, statement, contestant, work);
                }
                for (int round = 1; round <= rounds; round++) {
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
                String page =
                        page(Report.conditions("PostgreSQL " + version(statement), present, rounds), rows, standings);
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

    private CommandLine.ParameterException bad(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private Contestant contestant(String name) {
        return switch (name) {
            case "psql" -> new PsqlCopy();
            case "reader" ->
                new JvmContestant(
                        "counting reader", "pgjdbc " + org.postgresql.util.DriverInfo.DRIVER_VERSION, CopyReader.class);
            case "cdc1" -> new CdcSnapshot(launcher.toAbsolutePath(), 1);
            case "cdc" -> new CdcSnapshot(launcher.toAbsolutePath(), 2);
            case "debezium" ->
                new JvmContestant(
                        "Debezium engine",
                        "Debezium "
                                + io.debezium.engine.DebeziumEngine.class
                                        .getPackage()
                                        .getImplementationVersion(),
                        DebeziumSnapshot.class,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
            default -> throw bad("no contestant \"" + name + "\": write psql, reader, cdc1, cdc or debezium");
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

    private static String version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return row.getString(1).split(" ")[0];
        }
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
        Lap lap = new Lap(raceServer, SLOT, table, "");
        try (Walsender walsender = new Walsender(raceServer, SLOT)) {
            return ProcessMeter.run(
                    contestant.drain(lap, directory),
                    contestant.environment(lap),
                    Path.of(stdout),
                    directory.resolve("stderr"),
                    walsender);
        }
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
