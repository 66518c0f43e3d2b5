package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What the sink makes of changes, and of a cluster that does not want them; on a real broker. */
class KafkaSinkTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final String CHECKPOINTS = "pgcdc_checkpoints";

    private final String prefix = "p" + COUNT.incrementAndGet();

    private Sink sink(String... more) {
        return named(prefix, more);
    }

    private Sink named(String name, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("properties=bootstrap.servers=" + BROKER.bootstrapServers(), "prefix=" + prefix));
        settings.addAll(Arrays.asList(more));
        return KafkaTarget.sink(name, settings.toArray(String[]::new));
    }

    private static void send(Sink sink, Batch batch) {
        sink.open(KafkaTarget.SOURCE);
        sink.write(batch);
        assertEquals(Durability.DURABLE, sink.flush());
    }

    /** The records of a table's topic, once so many can be read. */
    private List<ConsumerRecord<byte[], byte[]>> records(String topic, int count) {
        return TopicReader.awaitRecords(BROKER.bootstrapServers(), topic, count);
    }

    @Test
    void aChangeGoesToItsTablesTopicWithKeyHeadersAndTheCommitsTime() {
        try (Sink sink = sink()) {
            send(sink, new TestChanges(1_790_000_000_123_456L).insert("1", "a").batch());
        }
        ConsumerRecord<byte[], byte[]> record =
                records(prefix + ".kit.items", 1).get(0);
        assertEquals("1", TopicReader.text(record.key()));
        assertTrue(TopicReader.text(record.value()).contains("\"new_data\":{\"id\":\"1\",\"v\":\"a\"}"));
        assertEquals(1_790_000_000_123L, record.timestamp());
        assertEquals("INSERT", TopicReader.header(record, "change_type"));
        assertEquals("kit", TopicReader.header(record, "schema"));
        assertEquals("items", TopicReader.header(record, "table"));
        assertEquals(0, Position.parse(TopicReader.header(record, "position")).ordinal());
    }

    @Test
    void changesWithoutAKeyGoToOnePartitionInOrder() {
        try (Sink sink = sink("partitions=5")) {
            TestChanges changes = new TestChanges(1).withoutKey();
            for (int i = 0; i < 50; i++) {
                changes.insert("x", Integer.toString(i));
            }
            send(sink, changes.batch());
        }
        List<ConsumerRecord<byte[], byte[]>> records = records(prefix + ".kit.items", 50);
        assertEquals(1, records.stream().map(r -> r.partition()).distinct().count());
        for (int i = 0; i < 50; i++) {
            assertNull(records.get(i).key());
            assertTrue(TopicReader.text(records.get(i).value()).contains("\"v\":\"" + i + "\""));
        }
    }

    @Test
    void changesWithoutAKeyAreRefusedWhereThatIsWanted() {
        try (Sink sink = sink("null_key=refuse")) {
            sink.open(KafkaTarget.SOURCE);
            Batch batch = new TestChanges(1).withoutKey().insert("x", "y").batch();
            RefusedChangeException refused = assertThrows(RefusedChangeException.class, () -> sink.write(batch));
            assertTrue(refused.getMessage().contains("kit.items"), refused.getMessage());
            send(sink, new TestChanges(2).withoutKey().truncate().batch());
        }
        assertNull(records(prefix + ".kit.items", 1).get(0).key(), "a TRUNCATE is of no row");
    }

    /** The batch that holds a refused change comes again, and what was there before is passed over again. */
    @Test
    void whatIsThereIsPassedOverAlsoWhenItsBatchComesTwice() {
        try (Sink before = sink("transaction_topic=" + prefix + ".tx")) {
            send(before, new TestChanges(1).insert("1", "a").batch());
        }
        try (Sink sink = sink("null_key=refuse", "transaction_topic=" + prefix + ".tx")) {
            sink.open(KafkaTarget.SOURCE);
            TestChanges changes = new TestChanges(1)
                    .insert("1", "a")
                    .at(2)
                    .insert("2", "b")
                    .withoutKey()
                    .insert("x", "y");
            assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            sink.write(changes.batchWithout(2, true));
            assertEquals(Durability.DURABLE, sink.flush());
            sink.write(new TestChanges(3).insert("3", "c").batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(List.of("1", "2", "3"), keys(records(prefix + ".kit.items", 3)));
        assertEquals(
                List.of("BEGIN null", "END 1", "BEGIN null", "END 1", "BEGIN null", "END 1"),
                boundaries(prefix + ".tx", 6));
    }

    /** What was sent of a batch before a refused change is in no commit by itself, and not sent again with the rest. */
    @Test
    void aBatchThatIsRefusedInItsMiddleIsCommittedWholeOrNotAtAll() {
        TestChanges changes = new TestChanges(1)
                .insert("1", "a")
                .at(2)
                .insert("2", "b")
                .withoutKey()
                .insert("x", "y");
        try (Sink sink = sink("null_key=refuse")) {
            sink.open(KafkaTarget.SOURCE);
            assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertEquals(Durability.ACCEPTED, sink.flush());
        }
        try (Sink sink = sink("null_key=refuse", "transaction_topic=" + prefix + ".tx")) {
            assertNull(sink.open(KafkaTarget.SOURCE), "nothing was committed");
            assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            sink.write(changes.batchWithout(2, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(List.of("1", "2"), keys(records(prefix + ".kit.items", 2)));
        assertEquals(List.of("BEGIN null", "END 1", "BEGIN null", "END 1"), boundaries(prefix + ".tx", 4));
    }

    @Test
    void withoutTransactionsWhatWasFlushedIsThere() {
        try (Sink sink = sink("delivery=at_least_once")) {
            assertNull(sink.open(KafkaTarget.SOURCE));
            assertEquals(
                    Durability.ACCEPTED,
                    sink.write(new TestChanges(1).insert("1", "a").batch()));
            assertEquals(Durability.DURABLE, sink.flush());
            assertEquals(List.of("1"), keys(TopicReader.read(BROKER.bootstrapServers(), prefix + ".kit.items")));
        }
    }

    @Test
    void aRuleGivesTheTopicAndKeyColumnsTheKey() {
        try (Sink sink = sink("topic_rules=kit.items=" + prefix + "_ruled", "key_columns=kit.items.v")) {
            send(sink, new TestChanges(1).insert("1", "a").batch());
        }
        assertEquals(List.of("a"), keys(records(prefix + "_ruled", 1)));
    }

    @Test
    void anOutboxMayHaveTheNamesOfDebeziumsRouter() {
        try (Sink sink = sink("format=outbox", "outbox_preset=debezium", "message_prefix=events")) {
            String event = "{\"id\":\"e2\",\"aggregatetype\":\"" + prefix
                    + "\",\"aggregateid\":\"o8\",\"type\":\"Paid\",\"payload\":{\"paid\":true}}";
            send(sink, new TestChanges(1).message("events", event).batch());
        }
        ConsumerRecord<byte[], byte[]> record =
                records("outbox.event." + prefix, 1).get(0);
        assertEquals("o8", TopicReader.text(record.key()));
        assertEquals("{\"paid\":true}", TopicReader.text(record.value()));
    }

    @Test
    void aMissingTopicIsAnErrorWhereNoneMayBeMade() {
        try (Sink sink = sink("create_topics=false", "delivery=at_least_once")) {
            sink.open(KafkaTarget.SOURCE);
            Batch batch = new TestChanges(1).insert("1", "a").batch();
            SinkException missing = assertThrows(SinkException.class, () -> sink.write(batch));
            assertEquals(ErrorCode.TARGET_MISSING, missing.code());
            assertTrue(missing.getMessage().contains(prefix + ".kit.items"), missing.getMessage());
        }
    }

    @Test
    void aRecordThatKafkaWillNotTakeIsRefusedByNameAndTheOthersArriveOnce() {
        try (Sink sink = sink("topic_config=max.message.bytes=20000")) {
            sink.open(KafkaTarget.SOURCE);
            TestChanges changes = new TestChanges(1).insert("1", "a").insert("2", "b".repeat(50_000));
            for (int i = 3; i < 5_000; i++) {
                changes.insert(Integer.toString(i), "c");
            }
            CdcException again = assertThrows(CdcException.class, () -> {
                sink.write(changes.batch());
                sink.flush();
            });
            assertEquals(Retry.RECONNECT, again.retry(), again.getMessage());
            RefusedChangeException refused =
                    assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertEquals(1, refused.position().ordinal());
            assertTrue(refused.getMessage().matches("(?s).*kit\\.items.*5[0-9]{4} bytes.*"), refused.getMessage());
            assertFalse(refused.getMessage().contains("bbb"), "no values");
            sink.write(changes.batchWithout(1, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        List<String> arrived = keys(records(prefix + ".kit.items", 4_998));
        assertEquals(4_998, arrived.size());
        assertFalse(arrived.contains("2"));
    }

    @Test
    void aRecordWhoseTimeATopicWillNotTakeIsRefusedByNameAndTheOthersArriveOnce() {
        long hour = 3_600_000_000L;
        long now = System.currentTimeMillis() * 1_000;
        String messages = prefix + ".messages";
        try (Sink sink = sink("topic_config=message.timestamp.before.max.ms=3600000", "message_topic=" + messages)) {
            sink.open(KafkaTarget.SOURCE);
            TestChanges changes =
                    new TestChanges(now - 2 * hour).insert("old", "b").at(now);
            // what shares its batch, and what waits behind it in either topic, fails with it and is not to blame
            for (int i = 0; i < 3_000; i++) {
                changes.insert("new" + i, "a").message("m", "c");
            }
            CdcException again = assertThrows(CdcException.class, () -> {
                sink.write(changes.batch());
                sink.flush();
            });
            assertEquals(Retry.RECONNECT, again.retry(), again.getMessage());
            RefusedChangeException refused =
                    assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertTrue(refused.getMessage().contains("message.timestamp"), refused.getMessage());
            assertEquals(0, refused.position().ordinal());
            sink.write(changes.batchWithout(0, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        List<String> arrived = keys(records(prefix + ".kit.items", 3_000));
        assertEquals(3_000, arrived.size());
        assertFalse(arrived.contains("old"));
        assertEquals(3_000, records(messages, 3_000).size());
    }

    /** A batch of the producer's for each record: what waits behind a refused one must not be there when that comes again. */
    @Test
    void withoutTransactionsNothingOvertakesWhatFailed() {
        long hour = 3_600_000_000L;
        long now = System.currentTimeMillis() * 1_000;
        String topic = prefix + ".kit.items";
        TestChanges changes = new TestChanges(now)
                .insert("1", "a")
                .at(now - 2 * hour)
                .insert("old", "b")
                .at(now + 1)
                .insert("2", "c")
                .insert("3", "d");
        try (Sink sink = sink(
                "delivery=at_least_once",
                "partitions=1",
                "topic_config=message.timestamp.before.max.ms=3600000",
                "properties=batch.size=1")) {
            sink.open(KafkaTarget.SOURCE);
            CdcException again = assertThrows(CdcException.class, () -> {
                sink.write(changes.batch());
                sink.flush();
            });
            assertEquals(Retry.RECONNECT, again.retry(), again.getMessage());
            assertEquals(List.of("1"), keys(TopicReader.read(BROKER.bootstrapServers(), topic)));
            RefusedChangeException refused =
                    assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertEquals(
                    new TestChanges(now - 2 * hour).insert("old", "b").batch().lastPosition(), refused.position());
            sink.write(changes.batchWithout(1, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(List.of("1", "1", "2", "3"), keys(TopicReader.read(BROKER.bootstrapServers(), topic)));
    }

    @Test
    void aRecordLargerThanARequestIsRefusedBeforeItIsSent() {
        try (Sink sink = sink("properties=max.request.size=60000", "transaction_topic=" + prefix + ".tx")) {
            sink.open(KafkaTarget.SOURCE);
            TestChanges changes = new TestChanges(1)
                    .insert("1", "a")
                    .insert("2", "b".repeat(70_000))
                    .insert("3", "c");
            RefusedChangeException refused =
                    assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertEquals(1, refused.position().ordinal());
            assertTrue(refused.getMessage().contains("max.request.size"), refused.getMessage());
            sink.write(changes.batchWithout(1, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertEquals(List.of("1", "3"), keys(records(prefix + ".kit.items", 2)));
        assertEquals(List.of("BEGIN null", "END 2"), boundaries(prefix + ".tx", 2));
    }

    @Test
    void aCompactedTopicTakesNoRecordWithoutAKeyAndTheMessageSaysWhatHelps() {
        try (Sink sink = sink("topic_config=cleanup.policy=compact")) {
            sink.open(KafkaTarget.SOURCE);
            TestChanges changes = new TestChanges(1).insert("1", "a").withoutKey();
            changes.insert("x", "y");
            assertThrows(CdcException.class, () -> {
                sink.write(changes.batch());
                sink.flush();
            });
            RefusedChangeException refused =
                    assertThrows(RefusedChangeException.class, () -> sink.write(changes.batch()));
            assertTrue(refused.getMessage().contains("null_key: table"), refused.getMessage());
            assertEquals(1, refused.position().ordinal());
        }
    }

    @Test
    void aBoundaryThatATopicDoesNotTakeBlamesNoRow() throws Exception {
        long now = System.currentTimeMillis() * 1_000;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            NewTopic topic = new NewTopic(prefix + ".tx", Optional.of(1), Optional.empty())
                    .configs(Map.of("message.timestamp.before.max.ms", "3600000"));
            admin.createTopics(List.of(topic)).all().get();
        }
        try (Sink sink = sink("transaction_topic=" + prefix + ".tx")) {
            sink.open(KafkaTarget.SOURCE);
            SinkException misfit = assertThrows(SinkException.class, () -> {
                sink.write(
                        new TestChanges(now - 7_200_000_000L).insert("1", "a").batch());
                sink.flush();
            });
            assertEquals(ErrorCode.TARGET_MISFIT, misfit.code(), misfit.getMessage());
            assertTrue(misfit.getMessage().contains(prefix + ".tx"), misfit.getMessage());
        }
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(r -> TopicReader.text(r.key())).toList();
    }

    @Test
    void aLongTransactionIsSpreadAndItsRepeatPassedOver() {
        TestChanges first = new TestChanges(1).insert("1", "x".repeat(5_000)).insert("2", "y");
        TestChanges second = first.next().insert("3", "z");
        Sink crashed = sink("split_bytes=1000", "transaction_topic=" + prefix + ".tx");
        crashed.open(KafkaTarget.SOURCE);
        assertEquals(Durability.ACCEPTED, crashed.write(first.batch(false)));
        // it goes away with an end that has not come; the beginning can be read
        assertEquals(List.of("1", "2"), keys(records(prefix + ".kit.items", 2)));
        try (Sink sink = sink("split_bytes=1000", "transaction_topic=" + prefix + ".tx")) {
            assertNull(sink.open(KafkaTarget.SOURCE), "the position moves at the end only");
            sink.write(first.batch(false));
            sink.write(second.batch());
            assertEquals(Durability.DURABLE, sink.flush());
            send(sink, new TestChanges(4).insert("4", "a").batch());
        }
        crashed.close();
        assertEquals(List.of("1", "2", "3", "4"), keys(records(prefix + ".kit.items", 4)));
        try (Sink sink = sink()) {
            assertEquals(new TestChanges(4).insert("4", "a").batch().lastPosition(), sink.open(KafkaTarget.SOURCE));
        }
        assertEquals(List.of("BEGIN null", "END 3", "BEGIN null", "END 1"), boundaries(prefix + ".tx", 4));
    }

    private static final Pattern BOUNDARY =
            Pattern.compile("\\{\"status\":\"([A-Z]+)\"[^\\[]*?(?:\"record_count\":(\\d+).*)?}");

    /** Status and number of records of each. */
    private List<String> boundaries(String topic, int count) {
        return records(topic, count).stream()
                .map(r -> BOUNDARY.matcher(TopicReader.text(r.value())))
                .map(m -> m.matches() ? m.group(1) + " " + m.group(2) : "no boundary")
                .toList();
    }

    @Test
    void aPredecessorThatStillWritesIsFencedAndSaysSo() {
        try (Sink zombie = sink();
                Sink sink = sink()) {
            send(zombie, new TestChanges(1).insert("1", "a").batch());
            zombie.write(new TestChanges(2).insert("2", "b").batch());
            send(sink, new TestChanges(2).insert("2", "b").batch());
            CdcException fenced = assertThrows(CdcException.class, zombie::flush);
            assertEquals(Retry.RECONNECT, fenced.retry(), fenced.getMessage());
            Batch batch = new TestChanges(2).insert("2", "b").batch();
            SinkException over = assertThrows(SinkException.class, () -> zombie.write(batch));
            assertEquals(ErrorCode.TARGET_TAKEN_OVER, over.code());
            sink.write(new TestChanges(3).insert("3", "c").batch());
            assertEquals(Durability.DURABLE, sink.flush(), "the successor is not disturbed");
        }
        assertEquals(List.of("1", "2", "3"), keys(records(prefix + ".kit.items", 3)));
    }

    /** As a broker's crash leaves it: only the sink's next producer ends it, and must not be kept from that by waiting for its end. */
    @Test
    void aTransactionThatItLeftOpenDoesNotKeepItFromGoingOn() throws Exception {
        try (Sink sink = sink();
                Producer<byte[], byte[]> open = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                BROKER.bootstrapServers(),
                                "transactional.id",
                                "pgcdc-" + KafkaTarget.SOURCE.systemIdentifier() + "-" + KafkaTarget.SOURCE.slot() + "-"
                                        + prefix),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            send(sink, new TestChanges(1).insert("1", "a").batch());
            ConsumerRecord<byte[], byte[]> position = TopicReader.read(BROKER.bootstrapServers(), CHECKPOINTS).stream()
                    .filter(r -> String.valueOf(TopicReader.text(r.key())).endsWith("\"sink\":\"" + prefix + "\"}"))
                    .reduce((before, later) -> later)
                    .orElseThrow();
            open.initTransactions();
            open.beginTransaction();
            open.send(new ProducerRecord<>(CHECKPOINTS, position.key(), position.value()))
                    .get();
            Batch batch = new TestChanges(2).insert("2", "b").batch();
            SinkException fenced = assertThrows(SinkException.class, () -> send(sink, batch));
            assertEquals(Retry.RECONNECT, fenced.retry(), fenced.getMessage());
            send(sink, batch);
            assertThrows(KafkaException.class, open::commitTransaction);
        }
        assertEquals(List.of("1", "2"), keys(records(prefix + ".kit.items", 2)));
    }

    @Test
    void eventsOfAnOutboxAreRoutedByTheirType() {
        try (Sink sink = sink("format=outbox", "message_prefix=events")) {
            String event =
                    "{\"event_id\":\"e1\",\"event_type\":\"OrderPlaced\",\"aggregate_id\":\"o7\",\"event_data\":{\"total\": 5}}";
            send(
                    sink,
                    new TestChanges(1)
                            .message("events", event)
                            .insert("1", "not an event")
                            .batch());
        }
        ConsumerRecord<byte[], byte[]> record =
                records("outbox.event.OrderPlaced", 1).get(0);
        assertEquals("o7", TopicReader.text(record.key()));
        assertEquals("{\"total\": 5}", TopicReader.text(record.value()));
        assertEquals("e1", TopicReader.header(record, "id"));
    }

    /** A sink that was there before left its record, with a position or without. */
    @Test
    void aClusterThatDoesNotKnowTheSinkIsRefused() {
        Position confirmed = new Position(0, 7, 0);
        try (Sink sink = sink()) {
            SinkException e = assertThrows(SinkException.class, () -> sink.open(KafkaTarget.SOURCE, confirmed));
            assertEquals(ErrorCode.TARGET_EXCHANGED, e.code());
            assertTrue(e.getMessage().contains("start: \"0/7:0\""), e.getMessage());
        }
        try (Sink first = sink()) {
            first.open(KafkaTarget.SOURCE, null);
        }
        try (Sink sink = sink()) {
            assertNull(sink.open(KafkaTarget.SOURCE, confirmed));
        }
    }

    @Test
    void aClusterThatDoesNotAnswerIsTriedAgain() throws java.io.IOException {
        int port;
        try (var free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Sink sink = KafkaTarget.sink(
                prefix,
                Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:" + port,
                        "request.timeout.ms",
                        "1000",
                        "default.api.timeout.ms",
                        "1000"),
                "prefix=x")) {
            SinkException down = assertThrows(SinkException.class, () -> sink.open(KafkaTarget.SOURCE));
            assertEquals(ErrorCode.TARGET_LOST, down.code());
            assertTrue(down.getMessage().contains("127.0.0.1:" + port), down.getMessage());
        }
    }
}
