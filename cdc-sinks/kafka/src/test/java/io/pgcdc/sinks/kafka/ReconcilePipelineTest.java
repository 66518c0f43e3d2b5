package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.snapshot.SnapshotRequest;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that reconciles, from a server to a broker. */
class ReconcilePipelineTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    Path directory;

    @Test
    void theTopicsKeysAreTheTablesKeysAfterwards() throws Exception {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE items (id int PRIMARY KEY, v text)",
                    "INSERT INTO items SELECT n, 'a' FROM generate_series(1, 500) n",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')");
            String topic = source.name() + ".items";
            // rows that were deleted in a gap
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()));
                    Producer<byte[], byte[]> producer = new KafkaProducer<>(
                            Map.of("bootstrap.servers", BROKER.bootstrapServers()),
                            new ByteArraySerializer(),
                            new ByteArraySerializer())) {
                admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1)))
                        .all()
                        .get();
                for (int id = 400; id < 700; id++) {
                    byte[] key = Integer.toString(id).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(topic, key, new byte[] {'{', '}'}))
                            .get();
                }
            }
            Pipeline pipeline = new Captured(source, directory.resolve("queue"))
                    .pipeline(Map.of(
                            "bus",
                            KafkaTarget.sink(
                                    "bus",
                                    "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                                    "topic_rules=public.items=" + topic,
                                    "topic=" + source.name() + "-${table}")));
            CountDownLatch started = new CountDownLatch(1);
            pipeline.whenStarted(started::countDown);
            CompletableFuture<Void> run = CompletableFuture.runAsync(pipeline::run);
            started.await();
            source.sql("DELETE FROM items WHERE id = 1", "INSERT INTO items VALUES (650, 'b')");
            pipeline.control().snapshot(new SnapshotRequest(List.of("public.items"), null, List.of(), true));
            source.sql("DELETE FROM items WHERE id = 2", "INSERT INTO items VALUES (660, 'b')");
            Await.until("the last tombstone", () -> !live(topic).containsKey("699"));
            pipeline.control().stopWhenCaughtUp();
            run.get();
            assertEquals(
                    source.list("SELECT id FROM items ORDER BY id"),
                    live(topic).keySet().stream()
                            .map(Integer::valueOf)
                            .sorted()
                            .map(String::valueOf)
                            .toList());
        }
    }

    /** Returns the keys whose last record has a value. */
    private static Map<String, byte @Nullable []> live(String topic) {
        Map<String, byte @Nullable []> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(BROKER.bootstrapServers(), topic)) {
            last.put(String.valueOf(TopicReader.text(record.key())), record.value());
        }
        last.values().removeIf(value -> value == null);
        return last;
    }
}
