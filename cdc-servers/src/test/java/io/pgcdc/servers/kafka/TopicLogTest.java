package io.pgcdc.servers.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.LoggedRecord.KafkaTransaction;
import io.pgcdc.servers.kafka.LoggedRecord.Outcome;
import io.pgcdc.servers.testing.Await;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of a real producer, read from a real broker's files while it runs. */
class TopicLogTest {

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String topic = "log-" + UUID.randomUUID();

    @BeforeEach
    void createTopic() throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(broker.clientProperties()))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
    }

    @Test
    void recordsOfOneKafkaTransactionHaveOneNameInAllPartitions() throws Exception {
        try (KafkaProducer<String, String> producer = producer(topic)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, 0, "a");
            send(producer, 1, "b");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, 0, "c");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, 0, "d");
            send(producer, 1, "e");
            producer.commitTransaction();

            List<LoggedRecord> committed = awaitCommitted(4);
            assertEquals(transaction(committed, "a"), transaction(committed, "b"));
            assertEquals(transaction(committed, "d"), transaction(committed, "e"));
            assertNotEquals(transaction(committed, "a"), transaction(committed, "d"));
            assertEquals(
                    Outcome.ABORTED,
                    find(TopicLog.read(broker.logDirectory(), topic), "c").outcome());
            // a consumer agrees
            assertEquals(
                    List.of("a", "d", "b", "e"),
                    TopicReader.read(broker.bootstrapServers(), topic).stream()
                            .map(record -> TopicReader.text(record.value()))
                            .toList());
        }
    }

    @Test
    void recordsWithoutAnEndAreOpenAndOnesWithoutATransactionAreCommitted() throws Exception {
        try (KafkaProducer<String, String> producer = producer(topic);
                KafkaProducer<String, String> plain = producer(null)) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, 0, "open");
            send(plain, 0, "plain");

            List<LoggedRecord> records = TopicLog.read(broker.logDirectory(), topic);
            assertEquals(Outcome.OPEN, find(records, "open").outcome());
            assertEquals(Outcome.COMMITTED, find(records, "plain").outcome());
            assertNull(find(records, "plain").transaction());
            producer.abortTransaction();
        }
    }

    /** A commit is answered before its markers are in the partitions. */
    private List<LoggedRecord> awaitCommitted(int count) {
        Await.until(count + " committed records", () -> committed().size() == count);
        return committed();
    }

    private List<LoggedRecord> committed() {
        return TopicLog.read(broker.logDirectory(), topic).stream()
                .filter(LoggedRecord::isCommitted)
                .toList();
    }

    private static KafkaTransaction transaction(List<LoggedRecord> records, String value) {
        return Objects.requireNonNull(find(records, value).transaction());
    }

    private static LoggedRecord find(List<LoggedRecord> records, String value) {
        return records.stream()
                .filter(record -> value.equals(TopicReader.text(record.record().value())))
                .findFirst()
                .orElseThrow();
    }

    private void send(KafkaProducer<String, String> producer, int partition, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
    }

    private KafkaProducer<String, String> producer(String transactionalId) {
        Map<String, Object> properties = new HashMap<>(broker.clientProperties());
        if (transactionalId != null) {
            properties.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }
}
