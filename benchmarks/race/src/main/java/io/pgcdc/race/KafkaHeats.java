package io.pgcdc.race;

import io.pgcdc.race.KafkaStanding.Sending;
import io.pgcdc.race.KafkaTopics.Found;
import io.pgcdc.servers.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One backlog, sent into one broker by each contestant, by turns; whether all of it came is looked at each time. */
final class KafkaHeats {

    private final RaceServer server;
    private final KafkaBroker broker;
    private final Path work;
    private final int partitions;
    private final Map<String, String> producer;
    private int sendings;

    KafkaHeats(RaceServer server, KafkaBroker broker, Path work, int partitions, Map<String, String> producer) {
        this.server = server;
        this.broker = broker;
        this.work = work;
        this.partitions = partitions;
        this.producer = producer;
    }

    private record Entrant(String name, KafkaContestant contestant, KafkaStanding standing) {}

    /** A backlog, and a queue that holds it, whose reader stands at its end. */
    private record Stored(Backlog backlog, Lap lap, Path queue, long records) {}

    /** Values of the same size as our records. */
    private record Payloads(Path file, int bytes) {}

    /** Returns a table in Markdown. */
    String run(
            Map<String, KafkaContestant> contestants,
            Path launcher,
            Workload workload,
            double scale,
            int warmUp,
            int rounds)
            throws Exception {
        System.err.println(workload.label() + ": writing");
        Backlog backlog = Backlog.write(server, workload, scale);
        // the row that ends it is sent, too
        Stored full = store(backlog, true, launcher, backlog.changes() + 1L);
        Stored one = store(backlog, false, launcher, 1);
        Payloads payloads = payloads(new KafkaCdc("", launcher, true, ""), full);
        List<Entrant> entrants = new ArrayList<>();
        contestants.forEach((name, contestant) ->
                entrants.add(new Entrant(name, contestant, new KafkaStanding(contestant.label()))));
        for (int round = 1 - warmUp; round <= rounds; round++) {
            for (Entrant entrant : entrants) {
                System.err.println(
                        "round " + round + ": " + entrant.contestant().label());
                Sending all = send(entrant.contestant(), full, payloads);
                if (round > 0) {
                    entrant.standing().add(all, send(entrant.contestant(), one, payloads));
                }
            }
        }
        return table(entrants);
    }

    private static String table(List<Entrant> entrants) {
        double plain = aSecond(entrants, "perf");
        double transactional = aSecond(entrants, "perf-transactions");
        StringBuilder table = new StringBuilder(KafkaStanding.head());
        entrants.forEach(entrant -> table.append(entrant.standing().line(plain, transactional)));
        return table.toString();
    }

    /** 0 when it does not take part. */
    private static double aSecond(List<Entrant> entrants, String name) {
        return entrants.stream()
                .filter(entrant -> entrant.name().equals(name))
                .mapToDouble(entrant -> entrant.standing().aSecond())
                .findFirst()
                .orElse(0);
    }

    private Stored store(Backlog backlog, boolean all, Path launcher, long records) throws Exception {
        Lap lap = backlog.keptLap(all);
        Path queue = work.resolve("queue_" + lap.slot());
        Path directory = fresh();
        measured(KafkaCdc.fill(launcher, lap, queue, directory), lap, directory);
        return new Stored(backlog, lap, queue, records);
    }

    private Payloads payloads(KafkaContestant cdc, Stored full) throws Exception {
        Path file = work.resolve("payloads");
        Found found = send(cdc, full, new Payloads(file, 1), file).found();
        return new Payloads(file, Math.toIntExact(found.bytes() / found.records()));
    }

    private Sending send(KafkaContestant contestant, Stored stored, Payloads payloads) throws Exception {
        return send(contestant, stored, payloads, null);
    }

    /** @param samples null; or where to write what was sent */
    private Sending send(KafkaContestant contestant, Stored stored, Payloads payloads, @Nullable Path samples)
            throws Exception {
        String prefix = "heat" + ++sendings;
        boolean fromSlot = contestant.sendsChanges() && !contestant.readsQueue();
        Lap source = fromSlot ? stored.backlog().lap(stored.records() > 1) : stored.lap();
        Path directory = fresh();
        KafkaLap lap = new KafkaLap(
                source, stored.queue(), prefix, stored.records(), payloads.file(), payloads.bytes(), producer);
        try (KafkaTopics topics = new KafkaTopics(broker.bootstrapServers(), topics(contestant, prefix), partitions)) {
            settle();
            double before = Proc.cpuSeconds(broker.pid());
            ProcessMeter.Usage usage = measured(contestant.command(lap, directory), source, directory);
            double brokerSeconds = Proc.cpuSeconds(broker.pid()) - before;
            Found found = topics.read(samples);
            if (found.records() != stored.records()) {
                throw new IllegalStateException(contestant.label() + " sent " + found.records() + " records instead of "
                        + stored.records() + ": " + Proc.tail(directory.resolve("stderr")));
            }
            return new Sending(found, usage, brokerSeconds);
        }
    }

    private ProcessMeter.Usage measured(List<String> command, Lap source, Path directory) throws SQLException {
        try (Walsender walsender = new Walsender(server, source.slot())) {
            return ProcessMeter.run(
                    command, server.environment(), Path.of("/dev/null"), directory.resolve("stderr"), walsender);
        }
    }

    private List<String> topics(KafkaContestant contestant, String prefix) throws SQLException {
        if (!contestant.sendsChanges()) {
            return List.of(prefix);
        }
        List<String> topics = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'race'")) {
            while (rows.next()) {
                topics.add(KafkaLap.topic(prefix, rows.getString(1)));
            }
        }
        return topics;
    }

    private Path fresh() throws IOException {
        Path directory = work.resolve("heat");
        Directories.delete(directory);
        return Files.createDirectories(directory);
    }

    /** What earlier sendings left to be written is on the disk, and holds up nobody. */
    private static void settle() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }
}
