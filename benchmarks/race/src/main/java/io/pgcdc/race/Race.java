package io.pgcdc.race;

import io.pgcdc.race.ProcessMeter.Usage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The race. */
@Command(
        name = "race",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lets cdc and others read the same WAL, by turns, and writes down what it took them.")
public final class Race implements Callable<Integer> {

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
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "narrow,wide,tpcb,huge",
            description = "Of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    private List<Workload> workloads = List.of();

    @Option(
            names = "--contestant",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "cdc,recvlogical,reader,debezium",
            description = "Of cdc, cdc4 (four sinks), recvlogical, reader, debezium; ${DEFAULT-VALUE}.")
    private List<String> contestants = List.of();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Readings each; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--scale", paramLabel = "X", defaultValue = "1", description = "Of the backlogs; ${DEFAULT-VALUE}.")
    private double scale;

    @Option(
            names = "--beat-seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long latency is measured; 0: not at all; ${DEFAULT-VALUE}.")
    private int beatSeconds;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Silence behind it; ${DEFAULT-VALUE}.")
    private int idleSeconds;

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
            description = "For race.md and race.svg; ${DEFAULT-VALUE}.")
    private Path out = Path.of(".");

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Race()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (rounds < 1 || scale <= 0 || idleSeconds < 1) {
            throw bad("--rounds, --scale and --idle-seconds: write more than 0");
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
        try (RaceServer raceServer = server()) {
            raceOn(raceServer, present, work);
        } finally {
            delete(work);
        }
        return 0;
    }

    private void raceOn(RaceServer raceServer, List<Contestant> present, Path work)
            throws SQLException, IOException, InterruptedException {
        try {
            List<Standing> standings = new ArrayList<>();
            for (Workload workload : workloads) {
                standings.addAll(race(raceServer, workload, present, work));
            }
            List<Beats.Result> beats = new ArrayList<>();
            for (Contestant contestant : present) {
                if (beatSeconds > 0 && contestant.showsBeats()) {
                    System.err.println("latency: " + contestant.label());
                    beats.add(Beats.run(raceServer, contestant, beatSeconds, idleSeconds, fresh(work)));
                }
            }
            Report report = new Report(Report.conditions(serverVersion(raceServer), present, rounds), standings, beats);
            Files.createDirectories(out);
            Files.writeString(out.resolve("race.md"), report.markdown());
            if (!standings.isEmpty()) {
                Files.writeString(out.resolve("race.svg"), Chart.of(report));
            }
            System.out.println(report.markdown());
        } finally {
            if (server != null) {
                Backlog.dropAll(raceServer);
            }
        }
    }

    private CommandLine.ParameterException bad(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private RaceServer server() throws SQLException {
        try {
            return server == null ? RaceServer.embedded(version) : RaceServer.given(server);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private Contestant contestant(String name) {
        return switch (name) {
            case "cdc" -> new Cdc(launcher.toAbsolutePath(), 1);
            case "cdc4" -> new Cdc(launcher.toAbsolutePath(), 4);
            case "recvlogical" -> new PgRecvlogical();
            case "reader" ->
                new JvmContestant(
                        "counting reader",
                        "pgjdbc " + org.postgresql.util.DriverInfo.DRIVER_VERSION,
                        CountingReader.class);
            case "debezium" ->
                new JvmContestant(
                        "Debezium engine",
                        "Debezium "
                                + io.debezium.engine.DebeziumEngine.class
                                        .getPackage()
                                        .getImplementationVersion(),
                        DebeziumReader.class,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
            default -> throw bad("no contestant \"" + name + "\": write cdc, cdc4, recvlogical, reader or debezium");
        };
    }

    /** By turns, so that all share what the machine does meanwhile. */
    private List<Standing> race(RaceServer raceServer, Workload workload, List<Contestant> present, Path work)
            throws SQLException, IOException {
        System.err.println(workload.label() + ": writing");
        Backlog backlog = Backlog.write(raceServer, workload, scale);
        List<Seen> seen = new ArrayList<>();
        List<Standing> standings = new ArrayList<>();
        for (Contestant contestant : present) {
            System.err.println(workload.label() + ": " + contestant.label() + " is checked");
            seen.add(checkedLap(raceServer, backlog, contestant, fresh(work)));
            standings.add(new Standing(workload, contestant.label(), backlog.changes()));
        }
        // the row that ends it is read like the rest
        requireEqual(present, seen, new Seen(backlog.changes() + 1L, -1));
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < present.size(); i++) {
                System.err.println(workload.label() + ": round " + round + ", "
                        + present.get(i).label());
                Usage empty = lap(raceServer, backlog.lap(false), present.get(i), fresh(work), "/dev/null");
                Usage full = lap(raceServer, backlog.lap(true), present.get(i), fresh(work), "/dev/null");
                standings.get(i).add(full, empty);
            }
        }
        return standings;
    }

    private static Seen checkedLap(RaceServer raceServer, Backlog backlog, Contestant contestant, Path directory)
            throws SQLException {
        Path stdout = directory.resolve("stdout");
        lap(raceServer, backlog.lap(true), contestant, directory, stdout.toString());
        return contestant.check(stdout, directory.resolve("stderr"));
    }

    private static Usage lap(RaceServer raceServer, Lap lap, Contestant contestant, Path directory, String stdout)
            throws SQLException {
        try (Walsender walsender = new Walsender(raceServer, lap.slot())) {
            return ProcessMeter.run(
                    contestant.drain(lap, directory),
                    contestant.environment(lap),
                    Path.of(stdout),
                    directory.resolve("stderr"),
                    walsender);
        }
    }

    private static void requireEqual(List<Contestant> present, List<Seen> seen, Seen written) {
        for (int i = 0; i < seen.size(); i++) {
            for (Seen other : seen) {
                if (!seen.get(i).agreesWith(written) || !seen.get(i).agreesWith(other)) {
                    throw new IllegalStateException(present.get(i).label() + " saw " + seen.get(i) + ", another one "
                            + other + ", written was " + written);
                }
            }
        }
    }

    private static String serverVersion(RaceServer raceServer) throws SQLException {
        try (Connection connection = raceServer.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return "PostgreSQL " + row.getString(1).split(" ")[0];
        }
    }

    private static Path fresh(Path work) throws IOException {
        delete(work);
        return Files.createDirectories(work);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
