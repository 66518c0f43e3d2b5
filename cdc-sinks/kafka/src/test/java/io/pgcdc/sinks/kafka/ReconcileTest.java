package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.SinkException;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.Markers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a gap, the keys of rows that a table does not have get tombstones; on a real broker. */
class ReconcileTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "reconcile" + COUNT.incrementAndGet();
    private final String topic = name + ".kit.items";
    private final List<String> settings = new ArrayList<>(
            List.of("properties=bootstrap.servers=" + BROKER.bootstrapServers(), "prefix=" + name, "partitions=3"));

    private Sink sink() {
        Sink sink = KafkaTarget.sink(name, settings.toArray(String[]::new));
        sink.open(KafkaTarget.SOURCE);
        return sink;
    }

    private static void send(Sink sink, Batch... batches) {
        for (Batch batch : batches) {
            sink.write(batch);
        }
        assertEquals(Durability.DURABLE, sink.flush());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(int count) {
        return TopicReader.awaitRecords(BROKER.bootstrapServers(), topic, count);
    }

    /** Returns for each key whether its records have a value (v) or are tombstones (-), in order. */
    private Map<String, String> keys(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = records(count);
        assertEquals(count, records.size());
        Map<String, String> keys = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            keys.merge(
                    Objects.requireNonNull(TopicReader.text(record.key())),
                    record.value() == null ? "-" : "v",
                    String::concat);
        }
        return keys;
    }

    private static Batch before() {
        return new TestChanges(1)
                .insert("kept", "a")
                .insert("gone", "a")
                .insert("goes", "a")
                .insert("changed", "a")
                .batch();
    }

    private static Batch read() {
        return new TestChanges(4).read("kept", "a").read("new", "a").batch();
    }

    private static Batch changed() {
        return new TestChanges(5).insert("changed", "b").batch();
    }

    private static final Map<String, String> RECONCILED =
            Map.of("kept", "vv", "gone", "v-", "goes", "v-", "changed", "vv", "new", "v");

    private static final int RECONCILED_RECORDS = 9;

    @ParameterizedTest
    @ValueSource(strings = {"delivery=exactly_once", "delivery=at_least_once"})
    void aKeyThatIsNotSeenGetsATombstone(String delivery) {
        settings.add(delivery);
        try (Sink sink = sink()) {
            assertTrue(sink.reconciles());
            send(sink, before(), Markers.begin(3), read(), changed(), Markers.end(6));
            assertEquals(RECONCILED, keys(RECONCILED_RECORDS));
            ConsumerRecord<byte[], byte[]> tombstone = records(RECONCILED_RECORDS).stream()
                    .filter(r -> r.value() == null)
                    .findFirst()
                    .orElseThrow();
            assertEquals("0/600:r0", TopicReader.header(tombstone, "position"));
            assertEquals("DELETE", TopicReader.header(tombstone, "change_type"));
            assertEquals("items", TopicReader.header(tombstone, "table"));

            send(sink, Markers.begin(7), new TestChanges(8).read("kept", "a").batch(), Markers.end(9));
            assertEquals(
                    Map.of("kept", "vvv", "gone", "v-", "goes", "v-", "changed", "vv-", "new", "v-"),
                    keys(RECONCILED_RECORDS + 3),
                    "a key with a tombstone gets no second one");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivery=exactly_once", "delivery=at_least_once"})
    void aRestartBetweenTheMarkersChangesNothing(String delivery) {
        settings.add(delivery);
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(3));
            send(sink, read());
        }
        try (Sink sink = sink()) {
            send(sink, changed(), Markers.end(6));
        }
        assertEquals(RECONCILED, keys(RECONCILED_RECORDS));
        try (Sink sink = sink()) {
            send(sink, Markers.end(6), new TestChanges(7).insert("later", "a").batch());
        }
        assertNull(keys(RECONCILED_RECORDS + 1).get("later-"));
        try (Sink sink = sink()) {
            send(sink, Markers.end(8), new TestChanges(9).insert("last", "a").batch());
        }
        assertEquals("v", keys(RECONCILED_RECORDS + 2).get("later"), "an end without a beginning deletes nothing");
    }

    /** The sweep commits its tombstones in parts, before the position of the end. */
    @Test
    void aSweepThatWasBrokenOffGoesOn() throws Exception {
        settings.add("commit_bytes=1");
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(3), read(), changed());
        }
        // as if the first tombstone had been committed without the end's position
        ConsumerRecord<byte[], byte[]> gone = records(7).stream()
                .filter(r -> "gone".equals(TopicReader.text(r.key())))
                .findFirst()
                .orElseThrow();
        write(new ProducerRecord<>(topic, gone.partition(), gone.key(), null));
        try (Sink sink = sink()) {
            send(sink, Markers.end(6));
        }
        assertEquals(RECONCILED, keys(RECONCILED_RECORDS));
    }

    @Test
    void whatWasNotCommittedCountsFromTheRepeatedBeginning() {
        try (Sink sink = sink()) {
            send(sink, before());
            sink.write(Markers.begin(3));
            sink.write(read());
        }
        try (Sink sink = sink()) {
            send(sink, Markers.begin(3), read(), changed(), Markers.end(6));
        }
        assertEquals(RECONCILED, keys(RECONCILED_RECORDS));
    }

    @Test
    void aSecondBeginningStartsAgain() {
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(2));
            send(sink, new TestChanges(2).at(3).insert("goes", "b").batch());
            send(sink, Markers.begin(4));
            send(sink, new TestChanges(5).read("kept", "a").read("changed", "b").batch(), Markers.end(6));
        }
        assertEquals(Map.of("kept", "vv", "gone", "v-", "goes", "vv-", "changed", "vv"), keys(9));
    }

    @Test
    void anEndFromBeforeTheBeginningDoesNothing() {
        settings.add("delivery=at_least_once");
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(5));
        }
        try (Sink sink = sink()) { // as after a rewind
            send(sink, Markers.end(4));
        }
        assertEquals(4, keys(4).size());
    }

    /** The row may exist, but the topic does not show it. */
    @Test
    void aRefusedChangeBetweenTheMarkersKeepsAllKeys() {
        settings.add("properties=max.request.size=60000");
        TestChanges large = new TestChanges(4).read("kept", "b".repeat(70_000)).read("changed", "b");
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(3));
            assertThrows(RefusedChangeException.class, () -> sink.write(large.batch()));
            send(sink, large.batchWithout(0, true));
        }
        try (Sink sink = sink()) {
            send(sink, Markers.end(6), new TestChanges(7).insert("later", "a").batch());
        }
        assertEquals(Map.of("kept", "v", "gone", "v", "goes", "v", "changed", "vv", "later", "v"), keys(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"skip=read", "tombstones=false", "headers=false topic=shared"})
    void nothingIsDeletedWhereTheTopicDoesNotShowWhatExists(String hindering) {
        settings.addAll(List.of(hindering.replace("topic=", "topic=" + topic).split(" ")));
        String own = hindering.contains("shared") ? topic + "shared" : topic;
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(3), Markers.end(6));
            send(sink, new TestChanges(7).insert("later", "a").batch());
        }
        assertEquals(
                List.of(),
                TopicReader.awaitRecords(BROKER.bootstrapServers(), own, 5).stream()
                        .filter(r -> r.value() == null)
                        .toList());
    }

    @Test
    void recordsWithoutAKeyStay() {
        settings.add("null_key=table");
        Batch keyless = new TestChanges(1).withoutKey().insert("x", "a").batch();
        try (Sink sink = sink()) {
            send(sink, keyless, Markers.begin(3), Markers.end(6));
            send(sink, new TestChanges(7).truncate().batch());
            send(sink, Markers.begin(8), Markers.end(9));
            send(sink, new TestChanges(10).insert("later", "a").batch());
        }
        assertEquals(Map.of("kit.items", "vv", "later", "v"), keys(3));
    }

    @Test
    void otherTablesKeysOfASharedTopicStay() throws Exception {
        settings.add("topic=" + topic);
        try (Sink sink = sink()) {
            send(sink, before());
            ProducerRecord<byte[], byte[]> other = new ProducerRecord<>(topic, 0, utf8("other"), utf8("{}"));
            other.headers().add("schema", utf8("kit")).add("table", utf8("others"));
            write(other);
            write(new ProducerRecord<>(topic, 0, utf8("unknown"), utf8("{}")));
            send(sink, Markers.begin(3), read(), changed(), Markers.end(6));
        }
        Map<String, String> expected = new TreeMap<>(RECONCILED);
        expected.putAll(Map.of("other", "v", "unknown", "v"));
        assertEquals(expected, keys(RECONCILED_RECORDS + 2));
    }

    @Test
    void debeziumsKeysAreThoseOfTheTopic() {
        settings.add("format=debezium");
        try (Sink sink = sink()) {
            send(sink, before(), Markers.begin(3), read(), changed(), Markers.end(6));
        }
        Map<String, String> keys = keys(RECONCILED_RECORDS);
        assertEquals("v-", keys.get("{\"id\":\"gone\"}"));
        assertEquals("vv", keys.get("{\"id\":\"kept\"}"));
        records(RECONCILED_RECORDS).stream()
                .filter(r -> r.value() == null)
                .forEach(r -> assertEquals(0, r.headers().toArray().length));
    }

    @Test
    void anOutboxsEventsAreNotReconciled() {
        settings.addAll(List.of("format=outbox", "message_prefix=events"));
        try (Sink sink = KafkaTarget.sink(name, settings.toArray(String[]::new))) {
            assertFalse(sink.reconciles());
        }
    }

    @Test
    void aTopicThatWasMadeAgainKeepsItsKeys() throws Exception {
        try (Sink sink = sink();
                Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            send(sink, before(), Markers.begin(3));
            admin.deleteTopics(List.of(topic)).all().get();
        }
        try (Sink sink = sink()) {
            boolean sent = false;
            while (!sent) {
                try {
                    send(
                            sink,
                            read(),
                            Markers.end(6),
                            new TestChanges(7).insert("later", "a").batch());
                    sent = true;
                } catch (SinkException e) {
                    sink.open(KafkaTarget.SOURCE); // the brokers forget the old topic a little later
                }
            }
        }
        assertEquals(Map.of("kept", "v", "new", "v", "later", "v"), keys(3));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
