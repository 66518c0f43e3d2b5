package io.pgcdc.race;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.race.ConnectStanding.Run;
import io.pgcdc.race.KafkaTopics.Found;
import io.pgcdc.race.ready.Sample;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Connectors that take turns in one worker, on one backlog. Each has new topics, and a copy of the same slot. For one thread. */
final class ConnectRace {

    private static final Duration LONGEST_RUN = Duration.ofMinutes(30);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of a backlog. So many records are made ready. */
    private static final double SAMPLES_SCALE = 0.002;

    private final RaceServer server;
    private final KafkaBroker broker;
    private final ConnectWorker worker;
    private final boolean exactlyOnce;
    private final int partitions;
    private final Path work;
    private int runs;

    /**
     * Creates it.
     *
     * @param exactlyOnce true if the worker supports it
     * @param partitions of each topic
     * @param work a folder for files
     */
    ConnectRace(
            RaceServer server,
            KafkaBroker broker,
            ConnectWorker worker,
            boolean exactlyOnce,
            int partitions,
            Path work) {
        this.server = server;
        this.broker = broker;
        this.worker = worker;
        this.exactlyOnce = exactlyOnce;
        this.partitions = partitions;
        this.work = work;
    }

    /**
     * Runs all by turns.
     *
     * @param warmUp rounds before those that count, for the worker's JVM
     * @return a table in Markdown
     */
    String run(List<ConnectContestant> contestants, Workload workload, double scale, int warmUp, int rounds)
            throws Exception {
        if (contestants.stream().anyMatch(ConnectContestant::isReady)) {
            System.err.println("records are made ready");
            Backlog few = Backlog.write(server, workload, SAMPLES_SCALE);
            for (RecordForm form : contestants.stream()
                    .filter(ConnectContestant::isReady)
                    .map(ConnectContestant::form)
                    .distinct()
                    .toList()) {
                takeSamples(few, form);
            }
        }
        System.err.println(workload.label() + ": writing");
        Backlog backlog = Backlog.write(server, workload, scale);
        List<ConnectStanding> standings =
                contestants.stream().map(ConnectStanding::new).toList();
        for (int round = 1 - warmUp; round <= rounds; round++) {
            for (ConnectStanding standing : standings) {
                ConnectContestant contestant = standing.contestant();
                Run run = run(contestant, backlog, null);
                System.err.printf(
                        "round %d: %s: %,.0f records/s%n",
                        round, contestant.label(), run.found().aSecond());
                if (round > 0) {
                    standing.add(run);
                }
            }
        }
        return ConnectStanding.table(standings);
    }

    private Path samples(RecordForm form) {
        return work.resolve("samples-" + form.label());
    }

    /** Has pgcdc's connector make the records, with schemas. */
    private void takeSamples(Backlog few, RecordForm form) throws Exception {
        ConnectContestant pgcdc = new ConnectPgcdc(form, form.converters(true));
        List<Sample> samples = new ArrayList<>();
        run(pgcdc, few, (lap, record) -> {
            if (!record.topic().equals(lap.lastTopic())) {
                samples.add(sample(lap, record));
            }
        });
        Sample.write(samples, samples(form));
    }

    private static Sample sample(ConnectLap lap, ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        return new Sample(
                record.topic().substring(lap.prefix().length()), text(record.key()), text(record.value()), headers);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Sees each record of a run when the run is over. */
    private interface Reader {
        void read(ConnectLap lap, ConsumerRecord<byte[], byte[]> record);
    }

    private Run run(ConnectContestant contestant, Backlog backlog, @Nullable Reader reader) throws Exception {
        String name = "run" + ++runs;
        Lap source = backlog.lap(true);
        ConnectLap lap = new ConnectLap(source, name, backlog.changes(), samples(contestant.form()), exactlyOnce);
        ConnectRest rest = worker.rest();
        try (KafkaTopics topics = new KafkaTopics(broker.bootstrapServers(), topics(name), partitions);
                Walsender walsender = new Walsender(server, source.slot());
                OtherReader other = OtherReader.of(contestant.isBeside() ? source : null)) {
            settle();
            CpuTrace ofWorker = new CpuTrace(() -> Proc.cpuSeconds(worker.pid()));
            CpuTrace ofCompiler = new CpuTrace(() -> Proc.compilerSeconds(worker.pid()));
            CpuTrace ofBroker = new CpuTrace(() -> Proc.cpuSeconds(broker.pid()));
            Runnable look = () -> {
                ofWorker.sample();
                ofCompiler.sample();
                ofBroker.sample();
                walsender.sample();
            };
            other.start();
            rest.put(name, contestant.allProperties(lap));
            try {
                awaitLast(name, topics, lap, look);
                Found found = readAll(contestant, topics, lap, look);
                if (reader != null) {
                    topics.read(record -> reader.read(lap, record));
                }
                return new Run(
                        found,
                        ofWorker.between(found.firstMs(), found.lastMs()),
                        ofCompiler.between(found.firstMs(), found.lastMs()),
                        ofBroker.between(found.firstMs(), found.lastMs()),
                        walsender.cpuSeconds());
            } finally {
                rest.delete(name);
            }
        }
    }

    /** Waits for the row that ends the backlog. Looks at the processes again and again. */
    private void awaitLast(String name, KafkaTopics topics, ConnectLap lap, Runnable look) throws InterruptedException {
        long[] asked = {System.nanoTime()};
        Await.<InterruptedException>until("the last record of " + name, LONGEST_RUN, () -> {
            look.run();
            if (System.nanoTime() - asked[0] > STATUS_NANOS) {
                asked[0] = System.nanoTime();
                refuseFailed(worker.rest().status(name));
            }
            return topics.hasRecord(lap.lastTopic());
        });
    }

    private static void refuseFailed(JsonNode status) {
        if (status.findValuesAsText("state").contains("FAILED")) {
            throw new IllegalStateException("the connector has failed: " + status);
        }
    }

    /** Reads all records. Without transactions, some may come after the last one. */
    private static Found readAll(ConnectContestant contestant, KafkaTopics topics, ConnectLap lap, Runnable look) {
        long expected = lap.changes() + 1;
        Found[] found = new Found[1];
        Await.until(expected + " records of " + contestant.label(), LONGEST_REST, () -> {
            found[0] = topics.read(record -> {});
            look.run();
            return found[0].records() >= expected;
        });
        if (found[0].records() > expected) {
            throw new IllegalStateException(
                    contestant.label() + " sent " + found[0].records() + " records instead of " + expected);
        }
        return found[0];
    }

    private List<String> topics(String prefix) throws SQLException {
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

    /** Has the kernel write what earlier runs left to be written. */
    private static void settle() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }
}
