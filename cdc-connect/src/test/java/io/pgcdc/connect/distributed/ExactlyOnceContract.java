package io.pgcdc.connect.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgcdc.history.History;
import io.pgcdc.history.Mapping;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.topic.PlacedRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Kafka Connect promises of source connectors with exactly-once support (KIP-618), and what the connector adds to it. */
abstract class ExactlyOnceContract {

    private static final String[] TABLES = {"accounts", "tellers", "branches", "history"};

    /** Rows that the tables have before the first transaction. */
    private static final int ROWS = 1_011;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private CapturedDatabase database;

    abstract ConnectGroup group();

    @BeforeEach
    void createDatabase() throws Exception {
        group().awaitReady();
        database = new CapturedDatabase(group(), TABLES);
        try (Connection connection = database.connect()) {
            TpcB.create(connection);
            TpcB.fill(connection);
        }
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    @Test
    void eachSourceTransactionIsAKafkaTransactionWithItsOffset() throws Exception {
        JsonNode checked = rest().validate(database.name(), database.config());
        assertEquals(0, checked.path("error_count").asInt(), checked.toString());
        String offsets = database.name() + "-offsets";
        run("offsets.storage.topic", offsets);
        awaitAll();
        work(20);
        assertEquals(List.of(), database.faults(offsets));
        Set<Object> ofKafka = new HashSet<>();
        for (PlacedRecord placed : database.judge().byPosition()) {
            if (!placed.position().isRead()) {
                ofKafka.add(placed.logged().transaction());
            }
        }
        assertEquals(lines(), ofKafka.size(), "a transaction has a line of history");
    }

    /** It needs two workers, which a build does not have. */
    @Tag("soak")
    @Test
    void aFrozenWorkersTaskIsFencedWhenItThaws() throws Exception {
        run();
        try (TpcB load = new TpcB(database::connect, 2)) {
            awaitAnswered(load, 20);
            ConnectWorker frozen = group().owner(database.name());
            frozen.freeze();
            try {
                awaitMoved(frozen);
                awaitAnswered(load, load.answered() + 20);
            } finally {
                frozen.thaw();
            }
            group().awaitReady();
            awaitAnswered(load, load.answered() + 20);
        }
        finish();
    }

    @Test
    void aTaskWithALowerEpochFailsAndContinuesWhenItIsRestarted() throws Exception {
        run();
        work(5);
        fence();
        try (TpcB load = new TpcB(database::connect, 3)) {
            awaitAnswered(load, 5);
        }
        String trace = rest().awaitFailed(database.name());
        assertTrue(trace.contains("ProducerFenced") || trace.contains("InvalidProducerEpoch"), trace);
        rest().restart(database.name());
        rest().awaitRunning(database.name(), 1);
        finish();
    }

    /** In a build, the test of the number of tasks changes the configuration, and those of offsets stop and resume. */
    @Tag("soak")
    @Test
    void anotherConfigurationKeepsWhatWasReached() throws Exception {
        run();
        work(5);
        run("heartbeat_record_interval_ms", "700");
        work(5);
        rest().stop(database.name());
        rest().resume(database.name());
        rest().awaitRunning(database.name(), 1);
        work(5);
        finish();
    }

    @Test
    void theNumberOfTasksFollowsTheSources() throws Exception {
        try (CapturedDatabase second = new CapturedDatabase(group(), "users")) {
            second.sql("CREATE TABLE users (id int PRIMARY KEY, name text)");
            Map<String, String> one = database.config(
                    "sources", "bank", "sources.bank.slot", database.name(), "snapshot.mode", "initial");
            one.remove("source.slot");
            Map<String, String> two = new HashMap<>(one);
            two.put("sources", "bank,users");
            two.put("tasks.max", "2");
            two.put("sources.users.url", second.config().get("source.url"));
            two.put("sources.users.slot", second.name());
            two.put("sources.users.topic", second.config().get("topic"));
            configure(one, 1);
            work(5);
            configure(two, 2);
            awaitActive(second);
            second.sql("INSERT INTO users VALUES (1, 'a')");
            second.awaitChanges(1);
            work(5);
            configure(one, 1);
            work(5);
            finish();
            assertEquals(List.of(), second.faults(group().id() + "-offset"));
        }
    }

    private void run(String... more) {
        List<String> all = new ArrayList<>(List.of("snapshot.mode", "initial"));
        all.addAll(List.of(more));
        database.run(all.toArray(String[]::new));
    }

    private void configure(Map<String, String> config, int tasks) {
        rest().put(database.name(), config);
        rest().awaitRunning(database.name(), tasks);
    }

    /** Takes the task's place as a producer, as a zombie's successor does. */
    private void fence() {
        Map<String, Object> properties = new HashMap<>(group().broker().clientProperties());
        properties.put("transactional.id", group().id() + "-" + database.name() + "-0");
        try (KafkaProducer<byte[], byte[]> successor =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            successor.initTransactions();
        }
    }

    private static void awaitActive(CapturedDatabase source) throws SQLException {
        Await.until("slot " + source.name(), () -> isActive(source));
    }

    private static boolean isActive(CapturedDatabase source) throws SQLException {
        return source.ask("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + source.name()
                        + "'")
                .equals("1");
    }

    /** Commits some transactions, or a few more, and waits until they are in Kafka. */
    private void work(int transactions) throws Exception {
        try (TpcB load = new TpcB(database::connect, transactions)) {
            awaitAnswered(load, transactions);
        }
        awaitAll();
    }

    private static void awaitAnswered(TpcB load, long transactions) {
        Await.until(transactions + " transactions", () -> load.answered() >= transactions);
    }

    private void awaitMoved(ConnectWorker from) {
        group().restWithout(from).await(database.name(), "has its task on another worker than " + from.id(), status -> {
            JsonNode task = status.path("tasks").path(0);
            return task.path("state").asText().equals("RUNNING")
                    && !task.path("worker_id").asText().equals(from.id());
        });
    }

    /** Waits until the snapshot and the last change are in Kafka: each transaction has its line of history. */
    private void awaitAll() throws SQLException {
        long lines = lines();
        Await.untilRarely(ROWS + " rows and " + lines + " lines of history", LONGEST, () -> {
            List<PlacedRecord> changes = database.judge().byPosition();
            long ofHistory =
                    changes.stream().filter(ExactlyOnceContract::isHistory).count();
            long rows = changes.stream()
                    .filter(placed -> placed.position().isRead() && !isHistory(placed))
                    .count();
            return rows >= ROWS && ofHistory >= lines;
        });
    }

    private static boolean isHistory(PlacedRecord placed) {
        return placed.logged().record().topic().endsWith(".history");
    }

    private long lines() throws SQLException {
        return Long.parseLong(database.ask("SELECT count(*) FROM history"));
    }

    /** All that was committed is in Kafka, once, in order, whole; and adds up to the tables. */
    private void finish() throws Exception {
        awaitAll();
        assertEquals(List.of(), database.faults(group().id() + "-offset"));
        History history = new History(Mapping.PGCDC.with("position=/position"), TpcB.KEYS, Set.of(), finding -> {
            throw new AssertionError(finding.toString());
        });
        history.rowsFollow(); // a snapshot that begins again reads the rows while changes are streamed
        database.judge().replay(history::add);
        try (Connection connection = database.connect()) {
            Comparison.compare(connection, TpcB.KEYS, history);
        }
    }

    private ConnectRest rest() {
        return database.rest();
    }
}
