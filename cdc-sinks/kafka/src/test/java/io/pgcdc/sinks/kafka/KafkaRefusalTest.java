package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.Retry;
import io.pgcdc.model.Position;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.TestChanges;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that refuse, each by its code. */
class KafkaRefusalTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    static Path directory;

    private static CdcException refused(Sink sink) {
        try (sink) {
            return assertThrows(CdcException.class, () -> sink.open(KafkaTarget.SOURCE));
        }
    }

    private static String shared() {
        return "properties=bootstrap.servers=" + BROKER.bootstrapServers();
    }

    @Test
    void loginAndOperationsAreRefusedByNameAndWorkOnceAllowed() throws Exception {
        try (SecuredCluster cluster = new SecuredCluster(directory)) {
            CdcException login =
                    refused(KafkaTarget.sink("bus", cluster.properties(SecuredCluster.USER, "wrong"), "prefix=s"));
            assertEquals(ErrorCode.TARGET_LOGIN_REFUSED, login.code(), login.getMessage());
            assertTrue(login.getMessage().contains(cluster.bootstrapServers()), login.getMessage());
            assertFalse(login.getMessage().contains("wrong"), "no secrets");

            Map<String, String> properties = cluster.properties(SecuredCluster.USER, SecuredCluster.PASSWORD);
            CdcException operation = refused(KafkaTarget.sink("bus", properties, "prefix=s"));
            assertEquals(ErrorCode.TARGET_PRIVILEGE_MISSING, operation.code(), operation.getMessage());

            // what the message says, and nothing more
            cluster.allow(ResourceType.TOPIC, "s.", AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.CREATE);
            cluster.allow(
                    ResourceType.TOPIC,
                    "pgcdc_checkpoints",
                    AclOperation.WRITE,
                    AclOperation.DESCRIBE,
                    AclOperation.CREATE,
                    AclOperation.READ);
            cluster.allow(ResourceType.TRANSACTIONAL_ID, "pgcdc-", AclOperation.WRITE, AclOperation.DESCRIBE);
            for (int round = 1; round <= 2; round++) {
                try (Sink sink = KafkaTarget.sink("bus", properties, "prefix=s")) {
                    sink.open(KafkaTarget.SOURCE);
                    sink.write(new TestChanges(round)
                            .insert(Integer.toString(round), "a")
                            .batch());
                    assertEquals(Durability.DURABLE, sink.flush());
                }
            }
            List<String> keys = TopicReader.read(cluster.admin(), "s.kit.items").stream()
                    .map(r -> TopicReader.text(r.key()))
                    .toList();
            assertEquals(List.of("1", "2"), keys);
        }
    }

    @Test
    void aTransactionTimeoutAboveTheBrokersIsAMisfit() {
        CdcException e = refused(KafkaTarget.sink("long", shared(), "prefix=s", "transaction_timeout_ms=3600000"));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains("transaction.max.timeout.ms"), e.getMessage());
    }

    @Test
    void aTopicThatDiffersFromAnotherOnlyInADotIsToGetAnotherName() throws Exception {
        try (Sink sink = KafkaTarget.sink("dots", shared(), "prefix=dots", "topic=dots_1", "create_topics=true");
                Admin admin = Admin.create(new HashMap<>(Map.of("bootstrap.servers", BROKER.bootstrapServers())))) {
            admin.createTopics(List.of(new NewTopic("dots.1", 1, (short) 1)))
                    .all()
                    .get();
            sink.open(KafkaTarget.SOURCE);
            CdcException e = assertThrows(
                    CdcException.class,
                    () -> sink.write(new TestChanges(1).insert("1", "a").batch()));
            assertEquals(ErrorCode.TARGET_MISFIT, e.code(), e.getMessage());
            assertTrue(e.getMessage().contains("topic dots_1 cannot be created"), e.getMessage());
            assertTrue(e.getMessage().contains("dots.1"), e.getMessage());
            assertTrue(e.getMessage().contains("topic_rules"), e.getMessage());
            assertFalse(e.getMessage().contains("partitions"), e.getMessage());
        }
    }

    @Test
    void aTopicOfPositionsThatLostThemIsNoticed() throws Exception {
        try (Sink sink = KafkaTarget.sink(
                        "lost",
                        Map.of("bootstrap.servers", BROKER.bootstrapServers(), "max.block.ms", "1000"),
                        "prefix=lost",
                        "checkpoint_topic=lost_positions");
                Admin admin = Admin.create(new HashMap<>(Map.of("bootstrap.servers", BROKER.bootstrapServers())))) {
            sink.open(KafkaTarget.SOURCE);
            sink.write(new TestChanges(1).insert("1", "a").batch());
            assertEquals(Durability.DURABLE, sink.flush());
            admin.deleteTopics(List.of("lost_positions")).all().get();
            sink.write(new TestChanges(2).insert("2", "a").batch());
            AtomicReference<CdcException> last = new AtomicReference<>(assertThrows(CdcException.class, sink::flush));
            Await.until("a new producer of the sink", () -> {
                if (last.get().retry() == Retry.RECONNECT) {
                    last.set(assertThrows(CdcException.class, () -> sink.open(KafkaTarget.SOURCE)));
                }
                return last.get().retry() != Retry.RECONNECT;
            });
            CdcException e = last.get();
            assertEquals(ErrorCode.TARGET_BEHIND, e.code(), e.getMessage());
            assertTrue(e.getMessage().contains("lost_positions"), e.getMessage());
        }
        for (int start = 1; start <= 2; start++) { // the topic is there again, and has no record of the sink
            try (Sink again = KafkaTarget.sink("lost", shared(), "prefix=lost", "checkpoint_topic=lost_positions")) {
                CdcException e = assertThrows(
                        CdcException.class, () -> again.open(KafkaTarget.SOURCE, new Position(0, 0x100, 0)));
                assertEquals(ErrorCode.TARGET_EXCHANGED, e.code(), e.getMessage());
            }
        }
    }
}
