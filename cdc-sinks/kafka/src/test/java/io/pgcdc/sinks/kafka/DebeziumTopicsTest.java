package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.debezium.KeyedRecord;
import io.pgcdc.sinks.debezium.Peer;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics of {@code format: debezium} hold what Debezium's engine makes of the same log with its defaults: which records, and where. */
class DebeziumTopicsTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Pattern XID = Pattern.compile("\"id\":\"\\d+:");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void theSameRecordsAreInTheSameTopics() {
        try (TargetDatabase source = worked()) {
            String prefix = source.name();
            Map<String, List<String>> expected = theirs(source, Map.of());
            assertEquals(6, expected.size(), expected.toString());
            assertEquals(expected, ours(source, expected.keySet(), "schemas_enable=true"));
            assertKeyChangeHeaders(prefix + ".public.items");
        }
    }

    @Test
    void transactionsBeginAndEndTheSame() {
        try (TargetDatabase source = worked()) {
            Map<String, List<String>> expected = theirs(source, Map.of("provide.transaction.metadata", "true"));
            assertEquals(7, expected.size(), expected.toString());
            assertEquals(
                    expected,
                    ours(
                            source,
                            expected.keySet(),
                            "schemas_enable=true",
                            "transaction_topic=" + source.name() + ".transaction"));
        }
    }

    /** With changes behind two slots. */
    private static TargetDatabase worked() {
        TargetDatabase source = new TargetDatabase(18);
        source.sql(
                "CREATE TABLE items (id int PRIMARY KEY, v text)",
                "CREATE TABLE \"odd name\" (id int PRIMARY KEY, v text)",
                "CREATE TABLE no_key (v text)",
                "CREATE TABLE prices (price numeric(10,2), part money, name text, PRIMARY KEY (price, part, name))",
                "CREATE TABLE finish (id int PRIMARY KEY)",
                "CREATE PUBLICATION captured FOR ALL TABLES",
                "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                "SELECT pg_create_logical_replication_slot('" + source.name() + "_theirs', 'pgoutput')",
                "BEGIN; INSERT INTO items VALUES (1, 'a'), (2, 'b'); INSERT INTO \"odd name\" VALUES (1, 'x');"
                        + " INSERT INTO items VALUES (4, 'd'); COMMIT",
                "UPDATE items SET v = 'c' WHERE id = 1",
                "UPDATE items SET id = 3 WHERE id = 1",
                "DELETE FROM items WHERE id = 2",
                "INSERT INTO no_key VALUES ('n')",
                "INSERT INTO prices VALUES (1.5, -1234.56, 'q\"')",
                "UPDATE prices SET price = 20",
                "SELECT pg_logical_emit_message(true, 'p', 'content')",
                "SELECT pg_logical_emit_message(false, 'p', 'outside')",
                "BEGIN; SELECT pg_logical_emit_message(true, 'p', 'first'); INSERT INTO items VALUES (5, 'e'); COMMIT",
                "TRUNCATE items",
                "INSERT INTO finish VALUES (1)");
        return source;
    }

    private static Map<String, List<String>> theirs(TargetDatabase source, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("tombstones.on.delete", "true");
        settings.put("skipped.operations", "t");
        return byTopic(
                new Peer(source, source.name() + "_theirs", source.name(), source.name() + ".public.finish", settings)
                        .read());
    }

    private Map<String, List<String>> ours(TargetDatabase source, Set<String> topics, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "format=debezium",
                "partitions=1",
                "prefix=" + source.name()));
        settings.addAll(List.of(more));
        Sink sink = KafkaTarget.sink(source.name(), settings.toArray(String[]::new));
        new Captured(source, directory.resolve("queue")).bringTo(new LinkedHashMap<>(Map.of("bus", sink)));
        return byTopic(TopicReader.read(BROKER.bootstrapServers(), topics.toArray(String[]::new)).stream()
                .map(r -> new KeyedRecord(r.topic(), TopicReader.text(r.key()), TopicReader.text(r.value())))
                .toList());
    }

    private static void assertKeyChangeHeaders(String items) {
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(BROKER.bootstrapServers(), items);
        // three inserts, an update, then the row moves: gone, a tombstone, there
        ConsumerRecord<byte[], byte[]> gone = records.get(4);
        ConsumerRecord<byte[], byte[]> there = records.get(6);
        // a worker's converter of headers writes no schemas
        assertEquals("{\"id\":3}", TopicReader.header(gone, "__debezium.newkey"));
        assertEquals("{\"id\":1}", TopicReader.header(there, "__debezium.oldkey"));
        ConsumerRecord<byte[], byte[]> price = TopicReader.read(
                        BROKER.bootstrapServers(), items.replace(".items", ".prices"))
                .get(1);
        assertEquals(
                "{\"price\":20.00,\"part\":-1234.56,\"name\":\"q\\\"\"}",
                TopicReader.header(price, "__debezium.newkey"));
        // the key's columns have different types: a worker's default converter makes a map without a schema of its
        // values
        Header ofPrice = price.headers().lastHeader("__debezium.newkey");
        SchemaAndValue converted =
                new SimpleHeaderConverter().toConnectHeader(price.topic(), ofPrice.key(), ofPrice.value());
        assertNull(converted.schema().valueSchema());
        assertFalse(records.get(0).headers().iterator().hasNext(), "no headers of ours, unless they are wanted");
        assertTrue(TopicReader.text(gone.key()).contains("\"payload\":{\"id\":1}"));
    }

    /** Without the boundaries of the last transaction: the engine is stopped when its record has come, and its END may be missing. */
    private static Map<String, List<String>> byTopic(List<KeyedRecord> records) {
        Map<String, List<String>> topics = new HashMap<>();
        for (KeyedRecord r : records) {
            topics.computeIfAbsent(r.topic(), t -> new ArrayList<>())
                    .add(withoutAddresses(r.key() + " -> " + withoutPlace(r.value())));
        }
        topics.forEach((topic, lines) -> {
            if (topic.endsWith(".transaction")) {
                String last = XID.matcher(topics.get(topic.replace(".transaction", ".public.finish"))
                                .get(0))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group();
                lines.removeIf(line -> line.contains(last));
            }
        });
        return topics;
    }

    /**
     * Debezium's id of a transaction changes its LSN with each record; what it calls the table of a message is an address in its memory, by
     * which it stands anywhere among the tables.
     */
    private static String withoutAddresses(String json) {
        String table = "\\{\"data_collection\":\"[^\"]*LogicalDecodingMessage[^}]*}";
        return json.replaceAll("(\"id\":\"\\d+:)\\d+", "$1").replaceAll("," + table + "|" + table + ",?", "");
    }

    /** What does not depend on which slot and which clock. */
    private static String withoutPlace(String value) {
        if (value == null) {
            return "a tombstone";
        }
        try {
            JsonNode record = JSON.readTree(value);
            ((ObjectNode) record.get("payload")).remove(List.of("source", "ts_ms", "ts_us", "ts_ns"));
            return record.get(record.get("payload").has("status") ? "schema" : "payload") + " " + record.get("payload");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
