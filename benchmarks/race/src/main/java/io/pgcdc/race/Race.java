package io.pgcdc.race;

import io.pgcdc.race.ProcessMeter.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The race. */
@Command(
        name = "race",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lets cdc and others read the same WAL, by turns, and writes down what it took them.")
public final class Race implements Callable<Integer> {

    @Mixin
    private RaceOptions options = new RaceOptions();

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
            description = "Of cdc, cdc4 (four sinks), cdc-metrics, recvlogical, reader, debezium; ${DEFAULT-VALUE}.")
    private List<String> contestants = List.of();

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
        if (options.rounds() < 1 || scale <= 0 || idleSeconds < 1) {
            throw options.bad("--rounds, --scale and --idle-seconds: write more than 0");
        }
        List<Contestant> present = RaceOptions.present(contestants, this::contestant);
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".race-");
        try (RaceServer raceServer = options.server()) {
            raceOn(raceServer, present, work);
        } finally {
            Directories.delete(work);
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
            Report report = new Report(
                    Report.conditions(RaceOptions.version(raceServer), present, options.rounds()), standings, beats);
            Files.createDirectories(out);
            Files.writeString(out.resolve("race.md"), report.markdown());
            if (!standings.isEmpty()) {
                Files.writeString(out.resolve("race.svg"), Chart.of(report));
            }
            System.out.println(report.markdown());
        } finally {
            if (options.isServerGiven()) {
                Backlog.dropAll(raceServer);
            }
        }
    }

    private Contestant contestant(String name) {
        return switch (name) {
            case "cdc" -> new Cdc(options.launcher(), 1, false);
            case "cdc4" -> new Cdc(options.launcher(), 4, false);
            case "cdc-metrics" -> new Cdc(options.launcher(), 1, true);
            case "recvlogical" -> new PgRecvlogical();
            case "reader" -> JvmContestant.reader(CountingReader.class);
            case "debezium" -> JvmContestant.debezium(DebeziumReader.class);
            default ->
                throw options.bad("no contestant \"" + name + "\": write cdc, cdc4, cdc-metrics, recvlogical, reader or"
                        + " debezium");
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
            seen.add(checkedLap(backlog, contestant, fresh(work)));
            standings.add(new Standing(workload, contestant.label(), backlog.changes()));
        }
        // the row that ends it is read like the rest
        requireEqual(present, seen, new Seen(backlog.changes() + 1L, -1));
        for (int round = 1; round <= options.rounds(); round++) {
            for (int i = 0; i < present.size(); i++) {
                System.err.println(workload.label() + ": round " + round + ", "
                        + present.get(i).label());
                Usage empty = ProcessMeter.lap(backlog.lap(false), present.get(i), fresh(work), "/dev/null");
                Usage full = ProcessMeter.lap(backlog.lap(true), present.get(i), fresh(work), "/dev/null");
                standings.get(i).add(full, empty);
            }
        }
        return standings;
    }

    private static Seen checkedLap(Backlog backlog, Contestant contestant, Path directory) throws SQLException {
        Path stdout = directory.resolve("stdout");
        ProcessMeter.lap(backlog.lap(true), contestant, directory, stdout.toString());
        return contestant.check(stdout, directory.resolve("stderr"));
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

    private static Path fresh(Path work) throws IOException {
        Directories.delete(work);
        return Files.createDirectories(work);
    }
}
