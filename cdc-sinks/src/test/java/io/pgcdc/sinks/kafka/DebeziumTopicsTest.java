package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.embedded.KafkaBroker;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.debezium.KeyedRecord;
import io.pgcdc.sinks.debezium.Peer;
import io.pgcdc.sinks.postgres.Captured;
import io.pgcdc.sinks.postgres.TargetDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics of {@code format: debezium} hold what Debezium's engine makes of the same log with its defaults: which records, and where. */
class DebeziumTopicsTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void theSameRecordsAreInTheSameTopics() {
        try (TargetDatabase source = new TargetDatabase(18)) {
            String prefix = source.name();
            source.sql(
                    "CREATE TABLE items (id int PRIMARY KEY, v text)",
                    "CREATE TABLE \"odd name\" (id int PRIMARY KEY, v text)",
                    "CREATE TABLE no_key (v text)",
                    "CREATE TABLE finish (id int PRIMARY KEY)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + prefix + "_slot', 'pgoutput')",
                    "SELECT pg_create_logical_replication_slot('" + prefix + "_theirs', 'pgoutput')",
                    "BEGIN; INSERT INTO items VALUES (1, 'a'), (2, 'b'); INSERT INTO \"odd name\" VALUES (1, 'x'); COMMIT",
                    "UPDATE items SET v = 'c' WHERE id = 1",
                    "UPDATE items SET id = 3 WHERE id = 1",
                    "DELETE FROM items WHERE id = 2",
                    "INSERT INTO no_key VALUES ('n')",
                    "SELECT pg_logical_emit_message(true, 'p', 'content')",
                    "TRUNCATE items",
                    "INSERT INTO finish VALUES (1)");

            Sink sink = KafkaTarget.sink(
                    prefix,
                    "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                    "format=debezium",
                    "schemas_enable=true",
                    "partitions=1",
                    "prefix=" + prefix);
            new Captured(source, directory.resolve("queue")).bringTo(new LinkedHashMap<>(Map.of("bus", sink)));
            List<KeyedRecord> theirs = new Peer(
                            source,
                            prefix + "_theirs",
                            prefix,
                            prefix + ".public.finish",
                            Map.of("tombstones.on.delete", "true", "skipped.operations", "t"))
                    .read();

            Map<String, List<String>> expected = byTopic(theirs);
            assertEquals(5, expected.size(), expected.toString());
            assertEquals(expected, byTopic(ours(expected.keySet().toArray(String[]::new))));
            assertKeyChangeHeaders(prefix + ".public.items");
        }
    }

    private static void assertKeyChangeHeaders(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(BROKER.bootstrapServers(), topic);
        // two inserts, an update, then the row moves: gone, a tombstone, there
        ConsumerRecord<byte[], byte[]> gone = records.get(3);
        ConsumerRecord<byte[], byte[]> there = records.get(5);
        assertArrayEquals(
                there.key(), gone.headers().lastHeader("__debezium.newkey").value());
        assertArrayEquals(
                gone.key(), there.headers().lastHeader("__debezium.oldkey").value());
        assertFalse(records.get(0).headers().iterator().hasNext(), "no headers of ours, unless they are wanted");
        assertTrue(TopicReader.text(gone.key()).contains("\"payload\":{\"id\":1}"));
    }

    private static List<KeyedRecord> ours(String... topics) {
        return TopicReader.read(BROKER.bootstrapServers(), topics).stream()
                .map(r -> new KeyedRecord(r.topic(), TopicReader.text(r.key()), TopicReader.text(r.value())))
                .toList();
    }

    private static Map<String, List<String>> byTopic(List<KeyedRecord> records) {
        Map<String, List<String>> topics = new HashMap<>();
        for (KeyedRecord r : records) {
            topics.computeIfAbsent(r.topic(), t -> new ArrayList<>()).add(r.key() + " -> " + withoutPlace(r.value()));
        }
        return topics;
    }

    /** What does not depend on which slot and which clock. */
    private static String withoutPlace(String value) {
        if (value == null) {
            return "a tombstone";
        }
        try {
            JsonNode record = JSON.readTree(value).get("payload");
            for (String field : List.of("source", "ts_ms", "ts_us", "ts_ns")) {
                ((ObjectNode) record).remove(field);
            }
            return record.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
