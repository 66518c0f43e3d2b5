package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of chosen key columns, which may be null or out of line, as native records. */
class KeyChangeTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final String LONG = "x".repeat(2_400);

    @TempDir
    Path directory;

    @Test
    void aKeyMayBecomeNullAndAPartOfItMayBeUnchangedOutOfLine() {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE items (code text, doc text)",
                    "ALTER TABLE items ALTER doc SET STORAGE EXTERNAL",
                    "CREATE TABLE keyed (code text, doc text, PRIMARY KEY (code, doc))",
                    "ALTER TABLE keyed ALTER doc SET STORAGE EXTERNAL",
                    "ALTER TABLE items REPLICA IDENTITY FULL",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO items VALUES ('a', '" + LONG + "')",
                    "UPDATE items SET code = 'b'",
                    "UPDATE items SET code = NULL",
                    "UPDATE items SET code = 'c'",
                    "INSERT INTO keyed VALUES ('a', '" + LONG + "')",
                    "UPDATE keyed SET code = 'b'");
            String topic = source.name() + ".items";
            new Captured(source, directory.resolve("queue"))
                    .bringTo(Map.of(
                            "bus",
                            KafkaTarget.sink(
                                    "bus",
                                    "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                                    "topic=" + topic,
                                    "partitions=1",
                                    "key_columns=public.items.code,public.items.doc")));

            List<ConsumerRecord<byte[], byte[]>> records =
                    TopicReader.awaitRecords(BROKER.bootstrapServers(), topic, 12);
            assertEquals(
                    List.of("INSERT", "DELETE", "DELETE", "INSERT", "DELETE", "DELETE", "INSERT", "UPDATE"),
                    records.subList(0, 8).stream()
                            .map(r -> TopicReader.header(r, "change_type"))
                            .toList());
            // to another key: each half names the other's
            assertEquals(key("a"), TopicReader.text(records.get(1).key()));
            assertEquals(key("b"), TopicReader.header(records.get(1), "__debezium.newkey"));
            assertNull(records.get(2).value(), "a tombstone");
            assertEquals(key("b"), TopicReader.text(records.get(3).key()));
            assertTrue(TopicReader.text(records.get(3).value()).contains("\"doc\":\"" + LONG), "the row is whole");
            // to none: the old key's row is gone, and there is no other key to name
            assertEquals(key("b"), TopicReader.text(records.get(4).key()));
            assertNull(records.get(4).headers().lastHeader("__debezium.newkey"));
            assertNull(records.get(5).value(), "a tombstone");
            assertNull(records.get(6).key());
            // from none: there is nothing to delete by key
            assertEquals(key("c"), TopicReader.text(records.get(7).key()));
            // the old row is the key only, and the new one lacks the part that is unchanged out of line
            assertEquals(key("b"), TopicReader.text(records.get(11).key()));
            assertTrue(TopicReader.text(records.get(11).value()).contains("\"doc\":\"" + LONG), "the row is whole");
        }
    }

    private static String key(String code) {
        return "[\"" + code + "\",\"" + LONG + "\"]";
    }
}
