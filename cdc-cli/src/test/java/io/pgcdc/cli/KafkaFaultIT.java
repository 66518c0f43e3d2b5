package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.model.Position;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.process.ServerProcess;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command under TPC-B load, writing into Kafka: a reader of committed records sees everything once and each key in order,
 * whoever is killed; a sink without transactions beside it repeats, and leaves out nothing.
 */
class KafkaFaultIT {

    /** What happens, in turn. */
    enum Fault {
        CAPTURE_KILLED,
        BROKER_KILLED,
        BOTH_KILLED
    }

    private static final int ROUNDS = Integer.getInteger("pgcdc.fault.rounds", 1);

    private static final int VERSION = Integer.getInteger("pgcdc.fault.version", 18);
    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final String DATABASE = "postgres";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONFIG = """
            source:
              url: postgresql://postgres@localhost:%2$d/postgres
              slot: fault
              publications: [everything]
              status_interval_ms: 500
            queue: {dir: %3$s, segment_bytes: 16384}
            sinks:
              - {name: bus, type: kafka, prefix: bank, partitions: 3, properties: {bootstrap.servers: "%1$s"}}
              - name: plain
                type: kafka
                delivery: at_least_once
                prefix: plain
                partitions: 3
                properties: {bootstrap.servers: "%1$s"}
            """;

    @TempDir
    Path directory;

    /** Invariant 4. So many rounds of each fault. */
    @Test
    void everythingArrivesOnce() throws Exception {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("KafkaFaultIT, seed " + seed);
        Random random = new Random(seed);
        try (ServerProcess source = ServerProcess.create(VERSION, directory.resolve("source"))
                        .start();
                KafkaBroker broker = KafkaBroker.start()) {
            Files.writeString(
                    directory.resolve("cdc.yaml"),
                    CONFIG.formatted(broker.bootstrapServers(), source.port(), directory.resolve("queue")));
            try (Connection connection = source.connect(DATABASE)) {
                TpcB.create(connection);
                source.sql(DATABASE, CdcProcess.PUBLISH_EVERYTHING, CdcProcess.createSlot("fault"));
                TpcB.fill(connection);
            }
            try (CdcProcess run = underLoad(source, broker, random)) {
                run.terminate();
                assertEquals(0, run.awaitExit(), run.stderr());
            }
            try (CdcProcess last = start("--until-caught-up")) {
                // a load without pauses leaves much to catch up with
                assertEquals(0, last.awaitExit(Soak.count(300, 3_600)), last.stderr());
            }
            int records = 0;
            int repeats = 0;
            for (String table : TpcB.KEYS.keySet()) {
                Set<Position> once = compareExactlyOnce(source, broker, table);
                records += once.size();
                repeats += compareAtLeastOnce(broker, table, once);
            }
            System.out.println("KafkaFaultIT on " + VERSION + ": " + ROUNDS + " rounds of each of " + FAULTS + ", "
                    + records + " records, at least once " + repeats + " repeats");
        }
    }

    /** Works, and strikes, and leaves a run that stood all of it. */
    private CdcProcess underLoad(ServerProcess source, KafkaBroker broker, Random random) throws Exception {
        CdcProcess run = start();
        try (TpcB load = new TpcB(() -> source.connect(DATABASE), random.nextLong());
                Ends ends = new Ends(broker)) {
            for (int round = 0; round < ROUNDS * FAULTS.size(); round++) {
                CdcProcess current = run;
                long until = load.answered() + 100 + random.nextInt(Soak.count(500, 1_500));
                long records = ends.committed() + 1 + random.nextInt(500);
                current.await("load and records", () -> load.answered() > until && ends.committed() > records);
                LockSupport.parkNanos(random.nextInt(50_000_000)); // at any moment, not just behind a commit
                run = strike(FAULTS.get(round % FAULTS.size()), broker, run);
            }
            CdcProcess current = run;
            // the slot is confirmed up to what both sinks have: the last run has sent something of its own
            String since = source.ask(DATABASE, "SELECT pg_current_wal_flush_lsn()");
            while (!confirmedAfter(source, since)) {
                // a load without pauses may be far ahead: as long as the slot moves, it is waited for
                String before = confirmed(source);
                current.await(
                        "changes after the last fault", () -> !confirmed(source).equals(before));
            }
            return run;
        } catch (Throwable e) {
            run.close();
            throw new AssertionError("slot at " + confirmed(source) + "; cdc said: " + run.stderr(), e);
        }
    }

    private static boolean confirmedAfter(ServerProcess source, String lsn) throws Exception {
        String sql = "SELECT confirmed_flush_lsn > '" + lsn + "' FROM pg_replication_slots WHERE slot_name = 'fault'";
        return source.ask(DATABASE, sql).equals("t");
    }

    private static String confirmed(ServerProcess source) throws Exception {
        return source.ask(DATABASE, "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'fault'");
    }

    private CdcProcess strike(Fault fault, KafkaBroker broker, CdcProcess run) throws Exception {
        switch (fault) {
            case CAPTURE_KILLED -> {
                run.kill();
                return start();
            }
            case BROKER_KILLED -> {
                broker.kill();
                broker.restart();
            }
            case BOTH_KILLED -> {
                broker.kill();
                run.kill();
                broker.restart();
                return start();
            }
        }
        return run;
    }

    /** What was read, each once, with the rows of the source as the last of each key. */
    private static Set<Position> compareExactlyOnce(ServerProcess source, KafkaBroker broker, String table)
            throws Exception {
        Set<Position> seen = new HashSet<>();
        Map<String, Position> last = new HashMap<>();
        Map<String, byte[]> rows = new HashMap<>();
        AtomicLong updates = new AtomicLong();
        read(broker, "bank." + table, record -> {
            JsonNode change = parse(record);
            Position position = position(change);
            String key = new String(record.key(), StandardCharsets.UTF_8);
            assertTrue(seen.add(position), () -> "twice: " + position + " of " + table);
            Position before = last.put(key, position);
            assertTrue(before == null || before.compareTo(position) < 0, () -> "out of order: " + position);
            rows.put(key, bytes(change.get("new_data")));
            updates.addAndGet(change.get("change_type").asText().equals("UPDATE") ? 1 : 0);
        });
        try (Connection connection = source.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(1_000);
            ResultSet expected = statement.executeQuery("SELECT id, to_jsonb(t) FROM " + table + " t");
            while (expected.next()) {
                byte[] row = rows.remove(expected.getString(1));
                assertNotNull(row, () -> "not in " + table + "'s topic");
                assertEquals(JSON.readTree(expected.getString(2)), JSON.readTree(row), table);
            }
        }
        assertEquals(Set.of(), rows.keySet(), table);
        long transactions = Long.parseLong(source.ask(DATABASE, "SELECT count(*) FROM history"));
        assertEquals(table.endsWith(".history") ? 0 : transactions, updates.get(), table);
        return seen;
    }

    /** How many records are repeats: nothing is missing, and without them each key has its changes in order. */
    private static int compareAtLeastOnce(KafkaBroker broker, String table, Set<Position> once) {
        Map<String, Position> last = new HashMap<>();
        Set<Position> seen = new HashSet<>();
        List<String> late = new ArrayList<>();
        AtomicInteger repeats = new AtomicInteger();
        read(broker, "plain." + table, record -> {
            Position position = position(parse(record));
            assertTrue(once.contains(position), () -> "nowhere else: " + position + " of " + table);
            if (!seen.add(position)) {
                repeats.incrementAndGet();
                return;
            }
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Position before = last.put(key, position);
            if (before != null && before.compareTo(position) > 0) {
                late.add(position + " behind " + before + " at " + record.partition() + ":" + record.offset());
            }
        });
        Set<Position> missing = new HashSet<>(once);
        missing.removeAll(seen);
        assertEquals(Set.of(), missing, table);
        assertEquals(List.of(), late, table);
        return repeats.get();
    }

    /** One by one: a soak's are millions. */
    private static void read(KafkaBroker broker, String topic, Consumer<ConsumerRecord<byte[], byte[]>> receiver) {
        TopicReader.read(Map.of("bootstrap.servers", broker.bootstrapServers()), receiver, topic);
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Position position(JsonNode change) {
        return Position.parse(change.get("position").asText());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaBroker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "default.api.timeout.ms",
                        "10000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** How much of the history can be read. */
    private static final class Ends implements AutoCloseable {

        private static final List<TopicPartition> HISTORY = List.of(
                new TopicPartition("bank.public.history", 0),
                new TopicPartition("bank.public.history", 1),
                new TopicPartition("bank.public.history", 2));

        private final KafkaConsumer<byte[], byte[]> consumer;
        private long known;

        Ends(KafkaBroker broker) {
            consumer = consumer(broker);
        }

        /** Offsets, markers of commits among them; while they cannot be had, those that were known last. */
        long committed() {
            try {
                known = Math.max(
                        known,
                        consumer.endOffsets(HISTORY, Duration.ofSeconds(1)).values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
            } catch (KafkaException e) {
                // not there yet, or just killed
            }
            return known;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private CdcProcess start(String... more) {
        return CdcProcess.run(directory, more);
    }
}
