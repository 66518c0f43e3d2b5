package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                            sink("bus", topic),
                            "bare",
                            sink("bare", topic + ".bare", "key_change_headers=false")));

            TopicRecords.of(TopicReader.awaitRecords(BROKER.bootstrapServers(), topic, 12))
                    .next("INSERT", key("a"))
                    // to another key: each half names the other's
                    .next("DELETE", key("a"))
                    .header("__debezium.newkey", key("b"))
                    .nextIsTombstone(key("a"))
                    .next("INSERT", key("b"))
                    .valueHas("\"doc\":\"" + LONG)
                    // to none: the old key's row is gone, and there is no other key to name
                    .next("DELETE", key("b"))
                    .header("__debezium.newkey", null)
                    .nextIsTombstone(key("b"))
                    .next("INSERT", null)
                    // from none: there is nothing to delete by key
                    .next("UPDATE", key("c"))
                    .next("INSERT", key("a"))
                    .next("DELETE", key("a"))
                    .nextIsTombstone(key("a"))
                    // the old row is the key only, and the new one lacks the part that is unchanged out of line
                    .next("INSERT", key("b"))
                    .valueHas("\"doc\":\"" + LONG)
                    .end();
            for (var record : TopicReader.awaitRecords(BROKER.bootstrapServers(), topic + ".bare", 12)) {
                assertNull(TopicReader.header(record, "__debezium.newkey"));
                assertNull(TopicReader.header(record, "__debezium.oldkey"));
                assertNotNull(TopicReader.header(record, "change_type"));
            }
        }
    }

    private static Sink sink(String name, String topic, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "topic=" + topic,
                "partitions=1",
                "key_columns=public.items.code,public.items.doc"));
        settings.addAll(List.of(more));
        return KafkaTarget.sink(name, settings.toArray(String[]::new));
    }

    private static String key(String code) {
        return "[\"" + code + "\",\"" + LONG + "\"]";
    }
}
