package io.pgcdc.race;

import io.pgcdc.servers.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast changes come into a broker, against Kafka's own benchmark of a producer and against Debezium's engine. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures records a second into one Kafka broker: cdc from a full queue and from the slot, kafka-producer-perf-test with"
                    + " records of the same size, and Debezium's engine.",
            "Contestants:",
            "  perf               kafka-producer-perf-test, values from a file, idempotent",
            "  perf-transactions  the same in transactions of --transaction-ms",
            "  perf-random        the same as perf, but each value is made up when it is sent, as --record-size does",
            "  cdc-queue          cdc, exactly once, format native, the backlog in its queue",
            "  cdc-slot           the same straight from the slot, through the queue",
            "  cdc-at-least-once  as cdc-queue, without transactions",
            "  cdc-debezium       as cdc-queue, format debezium",
            "  debezium           Debezium's engine and a producer, straight from the slot"
        })
public final class KafkaSpeed implements Callable<Integer> {

    private static final List<String> ALL = List.of(
            "cdc-queue",
            "cdc-slot",
            "cdc-at-least-once",
            "cdc-debezium",
            "debezium",
            "perf",
            "perf-transactions",
            "perf-random");

    /** What the sink sets unless told otherwise, for all. */
    private static final Map<String, String> PRODUCER = Map.of(
            "batch.size", "262144",
            "linger.ms", "5",
            "buffer.memory", "33554432",
            "compression.type", "none");

    private static final List<String> BROKER_JVM =
            List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");

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
            defaultValue = "1",
            paramLabel = "N",
            description = "Rounds before those that count, for the broker's JVM; ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            defaultValue = "orders",
            description = "Of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}, whose records have some 450 bytes.")
    private Workload workload = Workload.ORDERS;

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
            description =
                    "Which take part; a sink may have settings: cdc-queue:commit_bytes=33554432:headers=false; ${DEFAULT-VALUE}.")
    private List<String> names = List.of();

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
            names = "--transaction-ms",
            paramLabel = "N",
            defaultValue = "100",
            description = "Of perf-transactions; ${DEFAULT-VALUE}.")
    private int transactionMs;

    @Option(
            names = "--cdc",
            paramLabel = "FILE",
            defaultValue = "./cdc",
            description = "The command; ${DEFAULT-VALUE}.")
    private Path launcher = Path.of("cdc");

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new KafkaSpeed()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || warmUp < 0 || scale <= 0 || partitions < 1 || transactionMs < 1) {
            throw bad(
                    "--rounds, --scale, --partitions and --transaction-ms: write more than 0, and --warm-up: 0 or more");
        }
        Map<String, KafkaContestant> contestants = new LinkedHashMap<>();
        for (String name : names.contains("all") ? ALL : names) {
            contestants.put(name, contestant(name));
        }
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".race-");
        try (RaceServer server = RaceServer.embedded(18);
                KafkaBroker broker = KafkaBroker.start(Map.of("log.segment.delete.delay.ms", "100"), BROKER_JVM)) {
            KafkaHeats heats = new KafkaHeats(server, broker, work, partitions, properties(broker));
            System.out.print(heats.run(contestants, launcher.toAbsolutePath(), workload, scale, warmUp, rounds));
        } finally {
            Directories.delete(work);
        }
        return 0;
    }

    private CommandLine.ParameterException bad(String message) {
        return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private Map<String, String> properties(KafkaBroker broker) {
        Map<String, String> properties = new TreeMap<>(PRODUCER);
        properties.putAll(producer);
        properties.put("bootstrap.servers", broker.bootstrapServers());
        return properties;
    }

    private KafkaContestant contestant(String given) {
        String name = given.split(":", 2)[0];
        String settings = given.substring(name.length());
        if (!settings.isEmpty() && !name.startsWith("cdc-")) {
            throw bad("contestant \"" + given + "\": settings are cdc's only");
        }
        return switch (name) {
            case "perf" -> new KafkaPerfTest("perf test", true, 0);
            case "perf-transactions" -> new KafkaPerfTest("perf test, transactions", true, transactionMs);
            case "perf-random" -> new KafkaPerfTest("perf test, values made up", false, 0);
            case "cdc-queue" -> cdc("cdc", true, "", settings);
            case "cdc-slot" -> cdc("cdc, from the slot", false, "", settings);
            case "cdc-at-least-once" -> cdc("cdc, at least once", true, ", delivery: at_least_once", settings);
            case "cdc-debezium" -> cdc("cdc, format debezium", true, ", format: debezium", settings);
            case "debezium" -> new KafkaDebezium("Debezium engine");
            default -> throw bad("no contestant \"" + name + "\": write all, or some of " + String.join(", ", ALL));
        };
    }

    /** @param more {@code :KEY=VALUE:KEY=VALUE} */
    private KafkaContestant cdc(String label, boolean fromQueue, String settings, String more) {
        String also = more.replace(":", ", ").replace("=", ": ");
        return new KafkaCdc(label + also, launcher.toAbsolutePath(), fromQueue, settings + also);
    }
}
