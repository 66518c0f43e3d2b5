package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debezium's engine captures into Kafka and is stopped; the command goes on with its slot and topic. */
class AdoptIT {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONFIG = """
            source: {url: "%s", slot: %s, publications: [%s]}
            queue: {dir: %s}
            sinks:
              - {name: bus, type: kafka, format: debezium, schemas_enable: true, prefix: %s, properties: {bootstrap.servers: "%s"}%s}
            """;

    /** The offset of a connector that has sent the first row of a slot's stream. */
    private static final String THE_ROW = """
            SELECT format('{"lsn":%%1$s,"lsn_proc":%%1$s,"messageType":"INSERT","txId":%%2$s}', lsn - '0/0', xid)
            FROM pg_logical_slot_peek_binary_changes('%1$s', NULL, NULL, 'proto_version', '1', 'publication_names', '%1$s')
            WHERE get_byte(data, 0) = ascii('I') LIMIT 1""";

    private final PgServer server = PgServer.shared(18);
    private final KafkaBroker broker = KafkaBroker.shared();
    private final String prefix = "adopt" + COUNT.incrementAndGet();

    @TempDir
    Path directory;

    /** Stopped within a transaction; at the end of one, before another whose changes began earlier; behind the other's BEGIN. */
    @ParameterizedTest
    @CsvSource({"7, 3, CHANGE", "24, 1, BEGIN"})
    void eachChangeIsThereOnceInOrder(int stopAfter, int partitions, DebeziumToKafka.Behind behind) throws Exception {
        takeOver(stopAfter, partitions, behind);
    }

    @Tag("soak")
    @ParameterizedTest
    @CsvSource({"7, 1, CHANGE", "24, 3, CHANGE", "24, 1, END"})
    void eachChangeIsThereOnceInOrderWhereverItStopped(int stopAfter, int partitions, DebeziumToKafka.Behind behind)
            throws Exception {
        takeOver(stopAfter, partitions, behind);
    }

    private void takeOver(int stopAfter, int partitions, DebeziumToKafka.Behind behind) throws Exception {
        boolean boundaries = behind != DebeziumToKafka.Behind.CHANGE;
        String database = server.createDatabase(prefix);
        List<Integer> expected = new ArrayList<>();
        try (Connection connection = server.connect(database);
                Connection other = server.connect(database);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            String topic = prefix + ".public.items";
            admin.createTopics(List.of(
                            new NewTopic(topic, Optional.of(partitions), Optional.empty()),
                            new NewTopic(prefix + ".transaction", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            execute(connection, "CREATE TABLE items (id int PRIMARY KEY, v text)");
            try (DebeziumToKafka debezium = new DebeziumToKafka(server, database, prefix, broker, stopAfter, behind)) {
                Await.until("slot that Debezium reads", CdcProcess.LONGEST, () -> isActive(connection));
                insert(connection, 1, 3, expected);
                insert(connection, 4, 23, expected); // one transaction
                other.setAutoCommit(false);
                execute(other, "INSERT INTO items VALUES (25, 'began first')");
                insert(connection, 24, 24, expected);
                execute(other, "INSERT INTO items VALUES (26, 'ends last')");
                other.commit();
                expected.addAll(List.of(25, 26));
                debezium.awaitSent();
            }
            assertSameIds(expected.subList(0, stopAfter), topic);
            insert(connection, 27, 40, expected);
            execute(connection, "UPDATE items SET v = 'later' WHERE id < 6");
            expected.addAll(List.of(1, 2, 3, 4, 5));
            config(database, boundaries ? ", transaction_topic: " + prefix + ".transaction" : "");

            String said = adopt(0, "--offsets-topic", DebeziumToKafka.OFFSETS);
            assertTrue(said.contains("Next: delete the connector"), said);
            assertFalse(said.contains("after the offset"), said);
            for (int run = 0; run < 2; run++) {
                CommandRun caughtUp = CommandRun.of(
                        List.of("run", "-c", directory.resolve("cdc.yaml").toString(), "--until-caught-up"));
                assertEquals(0, caughtUp.exitCode(), caughtUp.stderr());
            }
            assertSameIds(expected, topic);
            if (boundaries) {
                assertBoundaries(expected.size() - stopAfter, topic);
            }
        }
    }

    /** So many changes came behind Debezium's, and each is counted at the end of its transaction. */
    private void assertBoundaries(int changes, String topic) {
        Map<String, Integer> counts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(broker.bootstrapServers(), topic)) {
            counts.merge(payload(record.value()).at("/transaction/id").asText(), 1, Integer::sum);
        }
        Map<String, Integer> ends = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.read(broker.bootstrapServers(), prefix + ".transaction")) {
            JsonNode boundary = payload(record.value());
            if (boundary.get("status").asText().equals("END")) {
                ends.put(
                        boundary.get("id").asText(), boundary.get("event_count").asInt());
            }
        }
        counts.keySet().retainAll(ends.keySet());
        ends.keySet().retainAll(counts.keySet()); // Debezium's have other ids than their changes
        assertEquals(counts, ends);
        assertEquals(changes, ends.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** In order of each partition, and a row's records all in the one where Debezium put it. */
    private void assertSameIds(List<Integer> expected, String topic) {
        Map<Integer, Integer> partitions = new HashMap<>();
        Map<Integer, List<Integer>> ids = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicReader.awaitRecords(broker.bootstrapServers(), topic, expected.size())) {
            int id = payload(record.key()).get("id").asInt();
            Integer before = partitions.put(id, record.partition());
            assertTrue(before == null || before == record.partition(), "another partition for " + id);
            ids.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(id);
        }
        Map<Integer, List<Integer>> wanted = new TreeMap<>();
        for (int id : expected) {
            Integer partition = partitions.get(id);
            assertNotNull(partition, "no record of " + id);
            wanted.computeIfAbsent(partition, p -> new ArrayList<>()).add(id);
        }
        assertEquals(wanted, ids);
    }

    @Test
    void whatCannotBeContinuedIsRefusedByName() throws Exception {
        String database = server.createDatabase(prefix);
        try (Connection connection = server.connect(database)) {
            execute(connection, "CREATE TABLE items (id int PRIMARY KEY, v text)");
            execute(connection, "CREATE PUBLICATION " + prefix + " FOR ALL TABLES");
            execute(connection, "SELECT pg_create_logical_replication_slot('" + prefix + "', 'pgoutput')");
            insert(connection, 1, 1, new ArrayList<>());
            config(database, "");
            refused("CDC-517", "topic nowhere does not exist", "--offsets-topic", "nowhere");
            refused("CDC-517", "within a snapshot", "--offset", "{\"lsn\":1,\"snapshot\":\"INITIAL\"}");
            refused("CDC-517", "is not an offset of Debezium's", "--offset", "{\"file\":\"binlog.1\"}");
            refused("CDC-517", "no sink of type kafka named \"other\"", "--sink-name", "other");
            String slot = "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + prefix + "'";
            String before = ask(connection, slot);
            String old = adopt(0, "--offset", "{\"lsn\":1,\"lsn_commit\":1}");
            assertTrue(old.contains("confirmed up to " + before + ", after the offset"), old);
            // offsets of other servers: of one that is ahead, and of one that had the LSN, but not the transaction
            refused("CDC-517", "the server's WAL ends at", "--offset", """
                    {"lsn_proc":9924022912,"messageType":"INSERT","lsn_commit":9924022800,"lsn":9924022912,"txId":771}""");
            String end = ask(connection, "SELECT pg_current_wal_flush_lsn() - '0/0'");
            refused(
                    "CDC-517",
                    "its stream does not contain that",
                    "--offset",
                    "{\"lsn\":%1$s,\"lsn_proc\":%1$s,\"messageType\":\"INSERT\",\"lsn_commit\":%1$s,\"txId\":4000000000}"
                            .formatted(end));
            assertFalse(Files.exists(directory.resolve("queue")), "a refusal makes nothing");
            String offset = ask(connection, THE_ROW.formatted(prefix));
            assertTrue(adopt(0, "--offset", offset)
                    .contains("skips the changes that Debezium sent and the slot still has"));
            refused("CDC-517", "already has a position", "--offset", offset);
            assertEquals(before, ask(connection, slot), "the slot stays where it is");
            Path config = directory.resolve("cdc.yaml");
            Files.writeString(config, Files.readString(config).replace("format: debezium, schemas_enable: true, ", ""));
            refused("CDC-517", "format: debezium", "--offset", offset);
        }
    }

    private void refused(String code, String says, String... arguments) throws Exception {
        String said = adopt(1, arguments);
        assertTrue(said.contains(code) && said.contains(says), said);
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void insert(Connection connection, int from, int to, List<Integer> ids) throws SQLException {
        execute(connection, "INSERT INTO items SELECT i, 'v' || i FROM generate_series(" + from + ", " + to + ") i");
        for (int id = from; id <= to; id++) {
            ids.add(id);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isActive(Connection connection) {
        try (var statement =
                connection.prepareStatement("SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND active")) {
            statement.setString(1, prefix);
            return statement.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode payload(byte[] json) {
        try {
            return JSON.readTree(json).get("payload");
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void config(String database, String more) throws java.io.IOException {
        Files.writeString(
                directory.resolve("cdc.yaml"),
                CONFIG.formatted(
                        server.url(database),
                        prefix,
                        prefix,
                        directory.resolve("queue"),
                        prefix,
                        broker.bootstrapServers(),
                        more));
    }

    /** What it says, on either stream. */
    private String adopt(int exit, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("slot", "adopt", "-c", directory.resolve("cdc.yaml").toString()));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments);
        assertEquals(exit, run.exitCode(), run.stderr());
        return run.stdout() + run.stderr();
    }
}
