package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code format: cloudevents} sends, read by the deserializer of the CloudEvents SDK, beside what {@code format: native} sends. */
class CloudEventsTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    Path directory;

    private TargetDatabase source;

    @BeforeEach
    void makeChanges() {
        source = new TargetDatabase(18);
        source.sql(
                "CREATE TABLE items (id int PRIMARY KEY, v jsonb)",
                "CREATE TABLE no_key (v text)",
                "CREATE PUBLICATION captured FOR ALL TABLES",
                "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                "INSERT INTO items VALUES (1, '{\"a\": 1.50, \"b\": \"ä\\u0001\"}'), (2, NULL)",
                "UPDATE items SET v = '[1, 2]' WHERE id = 1",
                "UPDATE items SET id = 3 WHERE id = 1",
                "DELETE FROM items WHERE id = 2",
                "INSERT INTO no_key VALUES ('n')",
                "SELECT pg_logical_emit_message(true, 'p', 'content')",
                "TRUNCATE items");
    }

    @AfterEach
    void dropDatabase() {
        source.close();
    }

    private Sink sink(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "partitions=1",
                "topic=" + topic(name),
                "message_topic=" + topic(name)));
        settings.addAll(List.of(more));
        return KafkaTarget.sink(name, settings.toArray(String[]::new));
    }

    private String topic(String sink) {
        return source.name() + "." + sink;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String sink) {
        return TopicReader.read(BROKER.bootstrapServers(), topic(sink));
    }

    private static CloudEvent event(ConsumerRecord<byte[], byte[]> record) {
        try (CloudEventDeserializer deserializer = new CloudEventDeserializer()) {
            return deserializer.deserialize(record.topic(), record.headers(), record.value());
        }
    }

    @Test
    void theSdkReadsBothModesAroundTheNativeRecords() {
        Map<String, Sink> sinks = new LinkedHashMap<>();
        sinks.put("native", sink("native"));
        sinks.put("structured", sink("structured", "format=cloudevents"));
        sinks.put("again", sink("again", "format=cloudevents"));
        sinks.put(
                "binary",
                sink(
                        "binary",
                        "format=cloudevents",
                        "cloudevents_mode=binary",
                        "cloudevents_source=https://example.org/shop",
                        "cloudevents_type=org.example"));
        new Captured(source, directory.resolve("queue")).bringTo(sinks);

        List<ConsumerRecord<byte[], byte[]>> plain = records("native");
        List<ConsumerRecord<byte[], byte[]>> structured = records("structured");
        List<ConsumerRecord<byte[], byte[]>> again = records("again");
        List<ConsumerRecord<byte[], byte[]>> binary = records("binary");
        // 2 inserts, an update, a key change (3 records), a delete (2), a row without a key, a message, a truncate
        assertEquals(11, plain.size());
        assertEquals(11, structured.size());
        assertEquals(11, again.size());
        assertEquals(11, binary.size());
        Set<String> ids = new HashSet<>();
        List<String> sequence = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i).key(), structured.get(i).key());
            assertArrayEquals(plain.get(i).key(), binary.get(i).key());
            assertEquals(plain.get(i).timestamp(), structured.get(i).timestamp());
            assertArrayEquals(structured.get(i).value(), again.get(i).value());
            assertEquals(structured.get(i).headers(), again.get(i).headers());
            byte[] record = plain.get(i).value();
            if (record == null) {
                assertTombstone(structured.get(i));
                assertTombstone(binary.get(i));
                continue;
            }
            assertEquals(
                    Encoding.STRUCTURED,
                    KafkaMessageFactory.createReader(structured.get(i)).getEncoding());
            assertEquals(
                    Encoding.BINARY,
                    KafkaMessageFactory.createReader(binary.get(i)).getEncoding());
            CloudEvent one = event(structured.get(i));
            CloudEvent other = event(binary.get(i));
            // byte for byte, not only the same JSON
            assertEquals(new String(record, StandardCharsets.UTF_8), dataOf(structured.get(i)));
            assertArrayEquals(record, Objects.requireNonNull(other.getData()).toBytes());
            assertAttributes(one, other);
            ids.add(one.getId());
            sequence.add(String.valueOf(one.getExtension("sequence")));
        }
        assertEquals(9, ids.size());
        assertEquals(new ArrayList<>(new TreeSet<>(sequence)), sequence, "rises with each event");
        assertKeyChange(event(structured.get(3)), event(structured.get(5)));
        assertInsert(event(structured.get(0)), plain.get(0).timestamp());
        assertWithoutARow(structured);
    }

    private static void assertTombstone(ConsumerRecord<byte[], byte[]> record) {
        assertNull(record.value());
        record.headers().forEach(h -> assertEquals("__debezium.newkey", h.key()));
    }

    /** What stands in a structured event behind its attributes, to its closing brace. */
    private static String dataOf(ConsumerRecord<byte[], byte[]> record) {
        String event = TopicReader.text(record.value());
        int data = event.indexOf(",\"data\":");
        return event.substring(data + ",\"data\":".length(), event.length() - 1);
    }

    private static void assertAttributes(CloudEvent one, CloudEvent other) {
        assertEquals(SpecVersion.V1, one.getSpecVersion());
        assertEquals("application/json", one.getDataContentType());
        assertEquals(one.getId(), other.getId());
        assertEquals(one.getTime(), other.getTime());
        assertEquals(one.getSubject(), other.getSubject());
        assertEquals(one.getExtensionNames(), other.getExtensionNames());
        one.getExtensionNames().forEach(e -> assertEquals(one.getExtension(e), other.getExtension(e), e));
        assertEquals(one.getType(), other.getType().replace("org.example.", "io.pgcdc.change."));
        assertEquals(URI.create("https://example.org/shop"), other.getSource());
    }

    private void assertInsert(CloudEvent insert, long timestamp) {
        assertEquals("io.pgcdc.change.insert", insert.getType());
        assertEquals("public.items/1", insert.getSubject());
        OffsetDateTime time = Objects.requireNonNull(insert.getTime());
        assertEquals(timestamp, time.toInstant().toEpochMilli());
        String path = insert.getSource().getPath();
        assertEquals("/" + source.name() + "/" + source.name() + "_slot", path.substring(path.indexOf('/', 12)));
        assertEquals("1", insert.getExtension("partitionkey"));
        assertEquals("public", insert.getExtension("schemaname"));
        assertEquals("items", insert.getExtension("tablename"));
        CloudEventData data = Objects.requireNonNull(insert.getData());
        assertEquals(
                "{\"position\":\"" + insert.getId(),
                new String(data.toBytes(), StandardCharsets.UTF_8)
                        .substring(0, 13 + insert.getId().length()));
    }

    private static void assertKeyChange(CloudEvent gone, CloudEvent there) {
        assertEquals("io.pgcdc.change.delete", gone.getType());
        assertEquals("io.pgcdc.change.insert", there.getType());
        assertEquals("public.items/1", gone.getSubject());
        assertEquals("public.items/3", there.getSubject());
        assertEquals(gone.getId().replace("/delete", "/insert"), there.getId());
        assertFalse(gone.getId().equals(there.getId()));
    }

    private static void assertWithoutARow(List<ConsumerRecord<byte[], byte[]>> records) {
        CloudEvent noKey = event(records.get(8));
        assertEquals("public.no_key", noKey.getSubject());
        assertNull(noKey.getExtension("partitionkey"));
        CloudEvent message = event(records.get(9));
        assertEquals("io.pgcdc.change.message", message.getType());
        assertEquals("p", message.getSubject());
        assertEquals("io.pgcdc.change.truncate", event(records.get(10)).getType());
    }
}
