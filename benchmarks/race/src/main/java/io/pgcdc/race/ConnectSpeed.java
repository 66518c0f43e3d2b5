package io.pgcdc.race;

import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.connect.WorkerConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures pgcdc's connector in a Kafka Connect worker, against records that are ready and against Debezium's connector. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures records a second of Kafka Connect source connectors, one after the other in one distributed worker.",
            "Contestants:",
            "  ready-debezium  Structs that exist before the task starts, in Debezium's form: what a task can reach",
            "  pgcdc-debezium  pgcdc, format debezium, values struct",
            "  debezium        Debezium's connector",
            "  beside-debezium  ready records, while pg_recvlogical reads the backlog: the server takes its part of the machine",
            "  ready-native, pgcdc-native  the same with the native record, values struct",
            "  ready-bytes, pgcdc-bytes    the same with format debezium, values bytes",
            "All have the JsonConverter without schemas, and those of bytes the ByteArrayConverter."
        })
public final class ConnectSpeed implements Callable<Integer> {

    private static final List<String> ALL = List.of(
            "ready-debezium",
            "beside-debezium",
            "pgcdc-debezium",
            "debezium",
            "ready-native",
            "beside-native",
            "pgcdc-native",
            "ready-bytes",
            "beside-bytes",
            "pgcdc-bytes");

    /** Of the producers of all connectors: those of the race into a broker. */
    private static final Map<String, String> PRODUCER = Map.of(
            "batch.size", "262144",
            "linger.ms", "5",
            "buffer.memory", "33554432",
            "compression.type", "none");

    /** As Kafka's scripts start a broker and a worker. */
    private static final List<String> G1 = List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Of each, by turns; medians are shown; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--warm-up",
            defaultValue = "2",
            paramLabel = "N",
            description = "Rounds before those that count, for the worker's JVM; ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            defaultValue = "payments",
            description = "Of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    private Workload workload = Workload.PAYMENTS;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "Of the backlog, which has 1,000,000 changes (wide 300,000, tpcb 400,000); ${DEFAULT-VALUE}.")
    private double scale;

    @Option(
            names = "--contestant",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "all",
            description = "Which take part; pgcdc and Debezium may have properties:"
                    + " pgcdc-debezium:commit_bytes=4194304:headers=false; ${DEFAULT-VALUE}.")
    private List<String> names = List.of();

    @Option(
            names = "--at-least-once",
            description = "The worker has no exactly-once support. Default: it has, and each connector uses it.")
    private boolean atLeastOnce;

    @Option(names = "--unix", description = "pgcdc reads through the server's Unix socket. Default: all read over TCP.")
    private boolean unix;

    @Option(
            names = "--ready-batch",
            paramLabel = "N",
            defaultValue = "8192",
            description = "Records in an answer of the ready connectors to poll(); ${DEFAULT-VALUE}.")
    private int readyBatch;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "6",
            description = "Of each topic; ${DEFAULT-VALUE}.")
    private int partitions;

    @Option(
            names = "--producer",
            paramLabel = "KEY=VALUE",
            description = "Of every producer, such as compression.type=lz4, linger.ms, batch.size.")
    private Map<String, String> producer = new LinkedHashMap<>();

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "2g",
            description = "Of the worker's JVM; ${DEFAULT-VALUE}.")
    private String heap = "2g";

    @Option(
            names = "--worker-jvm",
            paramLabel = "OPTION",
            description = "More options of the worker's JVM, such as -XX:StartFlightRecording=filename=worker.jfr.")
    private List<String> workerJvm = new ArrayList<>();

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ConnectSpeed()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || warmUp < 0 || scale <= 0 || partitions < 1 || readyBatch < 1) {
            throw bad("--rounds, --scale, --partitions and --ready-batch: write more than 0, and --warm-up: 0 or more");
        }
        List<ConnectContestant> contestants = (names.contains("all") ? ALL : names)
                .stream().map(this::contestant).toList();
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".race-");
        Path sockets = unix ? Files.createTempDirectory("race") : null; // a socket's path must be short
        try (RaceServer server = RaceServer.embedded(18, sockets);
                KafkaBroker broker = KafkaBroker.start(Map.of("log.segment.delete.delay.ms", "100"), jvm("1g"));
                ConnectWorker worker = ConnectWorker.start(worker(broker))) {
            ConnectRace race = new ConnectRace(server, broker, worker, !atLeastOnce, partitions, work);
            String table = race.run(contestants, workload, scale, warmUp, rounds);
            worker.stop(); // a recording of its JVM is written then
            System.out.print(table);
        } finally {
            Directories.delete(work);
            if (sockets != null) {
                Directories.delete(sockets);
            }
        }
        return 0;
    }

    private static List<String> jvm(String heap) {
        List<String> options = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
        options.addAll(G1);
        return options;
    }

    private WorkerConfig worker(KafkaBroker broker) throws IOException {
        List<String> options = jvm(heap);
        options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        options.addAll(workerJvm);
        Map<String, String> properties = new LinkedHashMap<>();
        PRODUCER.forEach((name, value) -> properties.put("producer." + name, value));
        producer.forEach((name, value) -> properties.put("producer." + name, value));
        return new WorkerConfig(broker.clientProperties(), "race", !atLeastOnce, plugins(), properties, null, options);
    }

    /** Returns the folders that the build has made for {@code plugin.path}. */
    private static List<Path> plugins() throws IOException {
        Path root = Path.of(Objects.requireNonNull(System.getProperty("pgcdc.root"), "pgcdc.root"));
        try (DirectoryStream<Path> ours =
                Files.newDirectoryStream(root.resolve("cdc-connect/target"), "pgcdc-connect-*-plugin")) {
            return List.of(
                    ours.iterator().next(),
                    root.resolve("benchmarks/race/target/plugins"),
                    root.resolve("benchmarks/debezium-plugin/target/plugins"));
        }
    }

    private CommandLine.ParameterException bad(String message) {
        return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private ConnectContestant contestant(String given) {
        String name = given.split(":", 2)[0];
        if (!ALL.contains(name)) {
            throw bad("no contestant \"" + name + "\": write all, or some of " + String.join(", ", ALL));
        }
        Map<String, String> more = properties(given, given.substring(name.length()));
        if (name.equals("debezium")) {
            return new ConnectDebezium(more);
        }
        RecordForm form = RecordForm.valueOf(name.split("-", 2)[1].toUpperCase(Locale.ROOT));
        if (name.startsWith("pgcdc")) {
            return new ConnectPgcdc(form, more);
        }
        if (!more.isEmpty()) {
            throw bad("contestant \"" + given + "\": ready records have no properties");
        }
        return new ConnectReady(form, readyBatch, name.startsWith("beside"));
    }

    /** @param text {@code :KEY=VALUE:KEY=VALUE} */
    private Map<String, String> properties(String given, String text) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String each :
                text.isEmpty() ? List.<String>of() : List.of(text.substring(1).split(":"))) {
            String[] pair = each.split("=", 2);
            if (pair.length < 2) {
                throw bad("contestant \"" + given + "\": write properties as NAME:KEY=VALUE:KEY=VALUE");
            }
            properties.put(pair[0], pair[1]);
        }
        return properties;
    }
}
