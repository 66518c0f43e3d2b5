package io.pgcdc.race;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast rows come into change_logs, from the slot and from a full queue, against a bare COPY of the same rows into an equal table. */
@Command(
        name = "change_logs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures rows a second into change_logs against a bare COPY of the same rows.")
public final class ChangeLogSpeed implements Callable<Integer> {

    private static final String COLUMNS =
            "table_name, record_id, change_type, old_data, new_data, changed_fields, changed_at,"
                    + " source_id, epoch, commit_lsn, ordinal, xid";

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Of each; medians are shown; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--scale",
            defaultValue = "1",
            paramLabel = "F",
            description = "Of the race's backlogs; ${DEFAULT-VALUE}.")
    private double scale;

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "narrow,wide,tpcb",
            description = "Of ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    private List<Workload> workloads = List.of();

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new ChangeLogSpeed()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("pgcdc-change-logs-");
        try (RaceServer server = RaceServer.embedded(18)) {
            System.out.printf(
                    "%-8s %14s %14s %14s %8s %8s%n",
                    "", "bare COPY/s", "from queue/s", "from slot/s", "ratio", "ratio");
            for (Workload workload : workloads) {
                measure(server, workload, directory);
            }
        } finally {
            Directories.delete(directory);
        }
        return 0;
    }

    private void measure(RaceServer server, Workload workload, Path directory) throws Exception {
        List<Double> copies = new ArrayList<>();
        List<Double> fromSlot = new ArrayList<>();
        List<Double> fromQueue = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // a new one each time: what is written to the target is WAL of this server, too, and would be read by the
            // next
            Backlog backlog = Backlog.write(server, workload, scale);
            String target = newDatabase(server);
            run(backlog.lap(false), target, directory, false); // the first start after a build takes longer
            newDatabase(server);
            double nothing = run(backlog.lap(false), target + "_0", directory, false);
            Lap lap = backlog.lap(true);
            fromSlot.add(backlog.changes() / (run(lap, target, directory, false) - nothing));
            requireRows(server, target, backlog.changes() + 1);
            // a sink that is new to a queue that holds everything
            Lap queued = backlog.lap(true);
            run(queued, null, directory, true);
            fromQueue.add(backlog.changes() / (run(queued, target + "_q", directory, true) - nothing));
            requireRows(server, target + "_q", backlog.changes() + 1);
            Directories.delete(directory.resolve("queue_" + queued.slot()));
            copies.add(backlog.changes() / copy(server, target, directory));
        }
        double copy = median(copies);
        double queue = median(fromQueue);
        double slot = median(fromSlot);
        System.out.printf(
                "%-8s %,14.0f %,14.0f %,14.0f %8.2f %8.2f%n",
                workload.label(), copy, queue, slot, queue / copy, slot / copy);
        Backlog.dropAll(server);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static String newDatabase(RaceServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String name : List.of("log_target", "log_target_0", "log_target_q")) {
                statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                statement.execute("CREATE DATABASE " + name);
            }
            statement.execute("CHECKPOINT");
        }
        return "log_target";
    }

    /** @param target null: only into the queue, which is kept */
    private static double run(Lap lap, @Nullable String target, Path directory, boolean keep) throws IOException {
        Path queue = directory.resolve(keep ? "queue_" + lap.slot() : "queue");
        if (!keep) {
            Directories.delete(queue);
        }
        RaceServer server = lap.server();
        String database = server.url().substring(0, server.url().lastIndexOf('/') + 1) + target;
        String config =
                "source: {url: \"" + server.url() + "\", slot: " + lap.slot() + ", publications: [" + lap.publication()
                        + "]}\n"
                        + "queue: {dir: " + queue + (keep ? ", confirm: queue, retain_bytes: 100000000000" : "") + "}\n"
                        + "sinks:\n"
                        + (target == null
                                ? "  - {name: out, type: stdout, format: json}\n"
                                : "  - {name: log, type: change_logs, url: \"" + database
                                        + "\", create: true, partitions_ahead: 0}\n");
        Path file = Files.writeString(directory.resolve("cdc.yaml"), config);
        List<String> command =
                List.of(Path.of("cdc").toAbsolutePath().toString(), "run", "-c", file.toString(), "--until-caught-up");
        Path log = directory.resolve("cdc.log");
        settle(server);
        long start = System.nanoTime();
        Process process = ProcessMeter.builder(command, server.environment(), log)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Proc.tail(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** What earlier readings left to be written is on the disk, and holds up nobody. */
    private static void settle(RaceServer server) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            new ProcessBuilder("sync").start().waitFor();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireRows(RaceServer server, String target, long expected) throws SQLException {
        try (Connection connection = connect(server, target);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM cdc_pattern.change_logs")) {
            row.next();
            if (row.getLong(1) != expected) {
                throw new IllegalStateException(row.getLong(1) + " rows instead of " + expected);
            }
        }
    }

    private static Connection connect(RaceServer server, String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database,
                server.user(),
                server.password());
    }

    /** The rows out, and into an empty table of the same make: partitions, indexes and all. */
    private static double copy(RaceServer server, String target, Path directory) throws Exception {
        Path rows = directory.resolve("rows");
        try (Connection connection = connect(server, target);
                Statement statement = connection.createStatement()) {
            CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
            try (OutputStream out = Files.newOutputStream(rows)) {
                copies.copyOut(
                        "COPY (SELECT " + COLUMNS
                                + " FROM cdc_pattern.change_logs ORDER BY change_id) TO STDOUT (FORMAT binary)",
                        out);
            }
            statement.execute("TRUNCATE cdc_pattern.change_logs");
            settle(server);
            long start = System.nanoTime();
            try (InputStream in = Files.newInputStream(rows)) {
                copies.copyIn("COPY cdc_pattern.change_logs (" + COLUMNS + ") FROM STDIN (FORMAT binary)", in);
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
