package io.pgcdc.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plays some cases of docs/explanation/museum.md on Debezium's embedded engine, and prints what came of them. */
@Command(
        name = "museum",
        mixinStandardHelpOptions = true,
        description = "Plays published losses on Debezium's embedded engine: dies after some records, and goes on.")
public final class Museum implements Callable<Integer> {

    /** The row that ends each case. */
    static final String LAST = "-1";

    private static final String SLOT = "museum";
    private static final long WAIT_S = 60;

    /**
     * A case.
     *
     * @param before statements before the first process; one that begins with "b: " is of another session
     * @param diesAfter records after which the first process dies
     * @param meanwhile statements before the second process
     * @param expected keys, and "message"
     */
    private record Case(
            String name, List<String> before, int diesAfter, List<String> meanwhile, List<String> expected) {}

    private static final List<Case> CASES = List.of(
            new Case(
                    "COPY of five rows, killed after the second",
                    List.of("COPY museum FROM PROGRAM 'seq 1 5'"),
                    2,
                    List.of(),
                    List.of("1", "2", "3", "4", "5")),
            new Case(
                    "INSERT of five rows at once, killed after the second",
                    List.of("INSERT INTO museum SELECT generate_series(1, 5)"),
                    2,
                    List.of(),
                    List.of("1", "2", "3", "4", "5")),
            new Case(
                    "a transaction in progress, killed after another one's commit",
                    List.of(
                            "BEGIN",
                            "INSERT INTO museum VALUES (1)",
                            "b: INSERT INTO museum VALUES (2)",
                            "b: INSERT INTO museum VALUES (3)"),
                    2,
                    List.of("INSERT INTO museum VALUES (4)", "COMMIT"),
                    List.of("1", "2", "3", "4")),
            new Case(
                    "a row, killed, then a new transaction",
                    List.of("INSERT INTO museum VALUES (1)"),
                    1,
                    List.of("INSERT INTO museum VALUES (2)", "INSERT INTO museum VALUES (3)"),
                    List.of("1", "2", "3")),
            new Case(
                    "a transactional message and two rows, killed after the message",
                    List.of(
                            "BEGIN",
                            "SELECT pg_logical_emit_message(true, 'museum', 'content')",
                            "INSERT INTO museum VALUES (1)",
                            "INSERT INTO museum VALUES (2)",
                            "COMMIT"),
                    1,
                    List.of(),
                    List.of("message", "1", "2")),
            new Case(
                    "the slot is made again after a row that nobody read",
                    List.of("INSERT INTO museum VALUES (1)"),
                    1,
                    List.of(
                            "INSERT INTO museum VALUES (2)",
                            "SELECT pg_drop_replication_slot('" + SLOT + "')",
                            "SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')",
                            "INSERT INTO museum VALUES (3)"),
                    List.of("1", "2", "3")));

    @Mixin
    private RaceOptions options = new RaceOptions();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Museum()).execute(arguments));
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        System.out.println("Debezium "
                + io.debezium.engine.DebeziumEngine.class.getPackage().getImplementationVersion());
        Path work = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".museum-");
        try (RaceServer server = options.server()) {
            System.out.println(RaceOptions.version(server));
            for (Case played : CASES) {
                System.out.println(played.name() + ": " + outcome(server, played, work));
            }
        } finally {
            Directories.delete(work);
        }
        return 0;
    }

    private static String outcome(RaceServer server, Case played, Path work)
            throws SQLException, IOException, InterruptedException {
        Path offsets = work.resolve("offsets");
        Files.deleteIfExists(offsets);
        try (Connection first = server.connect();
                Connection second = server.connect();
                Statement a = first.createStatement();
                Statement b = second.createStatement()) {
            a.execute("DROP TABLE IF EXISTS museum");
            a.execute("DROP PUBLICATION IF EXISTS museum");
            a.execute("CREATE TABLE museum (id int PRIMARY KEY)");
            a.execute("CREATE PUBLICATION museum FOR TABLE museum");
            a.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
            run(a, b, played.before());
            List<String> seen = new ArrayList<>(guest(server, offsets, played.diesAfter(), work));
            List<String> early = List.copyOf(seen);
            awaitFreeSlot(b);
            run(a, b, played.meanwhile());
            b.execute("INSERT INTO museum VALUES (" + LAST + ")");
            seen.addAll(guest(server, offsets, Integer.MAX_VALUE, work));
            awaitFreeSlot(b);
            b.execute("SELECT pg_drop_replication_slot('" + SLOT + "')");
            return early + " then " + seen.subList(early.size(), seen.size()) + ": " + judged(played.expected(), seen)
                    + (seen.contains(LAST)
                            ? ""
                            : "; it did not come to the last row: " + lastWords(work.resolve("log")));
        }
    }

    private static void run(Statement a, Statement b, List<String> statements) throws SQLException {
        for (String statement : statements) {
            boolean other = statement.startsWith("b: ");
            (other ? b : a).execute(other ? statement.substring(3) : statement);
        }
    }

    private static String judged(List<String> expected, List<String> seen) {
        Map<String, Integer> counts = new TreeMap<>();
        seen.forEach(key -> counts.merge(key, 1, Integer::sum));
        List<String> lost =
                expected.stream().filter(key -> !counts.containsKey(key)).toList();
        List<String> twice =
                expected.stream().filter(key -> counts.getOrDefault(key, 0) > 1).toList();
        return (lost.isEmpty() ? "nothing lost" : (counts.containsKey(LAST) ? "lost " : "not delivered ") + lost)
                + (twice.isEmpty() ? "" : ", more than once " + twice);
    }

    /** Runs the engine in a process of its own. Returns what it printed. */
    private static List<String> guest(RaceServer server, Path offsets, int diesAfter, Path work)
            throws IOException, InterruptedException {
        Path printed = work.resolve("printed");
        ProcessBuilder command = new ProcessBuilder(Programs.java(
                MuseumGuest.class,
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                List.of(
                        server.host(),
                        Integer.toString(server.port()),
                        server.database(),
                        server.user(),
                        SLOT,
                        "museum",
                        offsets.toString(),
                        Integer.toString(diesAfter))));
        command.environment().putAll(server.environment());
        Process process = command.redirectOutput(printed.toFile())
                .redirectError(work.resolve("log").toFile())
                .start();
        if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return Files.readAllLines(printed);
    }

    private static String lastWords(Path log) {
        return Proc.tail(log).lines().reduce((earlier, last) -> last).orElse("");
    }

    private static void awaitFreeSlot(Statement statement) throws SQLException, InterruptedException {
        for (int i = 0; i < WAIT_S; i++) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + SLOT + "' AND active")) {
                if (!rows.next()) {
                    return;
                }
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new UncheckedIOException(new IOException("slot " + SLOT + " stays active"));
    }
}
