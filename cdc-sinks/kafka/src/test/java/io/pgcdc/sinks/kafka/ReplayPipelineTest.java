package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pgcdc.delivery.ReplayPlace;
import io.pgcdc.delivery.ReplayPlan;
import io.pgcdc.delivery.ReplayRequest;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.CollectingSink;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue delivers changes again to a topic, and the sink continues after its last change. */
class ReplayPipelineTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    Path directory;

    private static Sink sink(String delivery, String topic) {
        return KafkaTarget.sink(
                "bus",
                "properties=bootstrap.servers=" + BROKER.bootstrapServers(),
                "delivery=" + delivery,
                "split_bytes=65536",
                "topic=" + topic);
    }

    private static List<String> ids(String topic) {
        return TopicReader.read(BROKER.bootstrapServers(), topic).stream()
                .map(record -> String.valueOf(TopicReader.text(record.key())))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exactly_once", "at_least_once"})
    void theTopicGetsTheRecordsAgainAndThenTheNewOnes(String delivery) throws Exception {
        try (TargetDatabase source = new TargetDatabase(18)) {
            source.sql(
                    "CREATE TABLE items (id int PRIMARY KEY, v text)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO items VALUES (1, 'a')",
                    "INSERT INTO items SELECT n, repeat('x', 2000) FROM generate_series(2, 200) n", // is split
                    "INSERT INTO items VALUES (201, 'b')");
            String topic = source.name() + "-" + delivery;
            Captured captured = new Captured(source, directory.resolve("queue")).retaining(1 << 24);
            CollectingSink all = new CollectingSink();
            captured.bringTo(Map.of("bus", sink(delivery, topic), "all", all));
            List<Position> positions = all.positions();
            List<String> expected = new ArrayList<>(ids(topic));
            assertEquals(201, expected.size());

            Pipeline pipeline = captured.pipeline(Map.of("bus", sink(delivery, topic), "all", all));
            CompletableFuture<ReplayPlan> plan = pipeline.control()
                    .replay(
                            "bus",
                            new ReplayRequest(
                                    new ReplayPlace(positions.get(0), null),
                                    new ReplayPlace(positions.get(100), null),
                                    List.of(),
                                    false));
            CompletableFuture<Void> run = CompletableFuture.runAsync(pipeline::run);
            assertFalse(plan.get().complete());
            source.sql("INSERT INTO items VALUES (202, 'c')");
            expected.addAll(expected.subList(0, 200).stream().toList()); // the whole large transaction
            expected.add("202");
            Await.until("the new record", () -> ids(topic).size() == expected.size());
            pipeline.control().stopWhenCaughtUp();
            run.get();
            assertEquals(expected, ids(topic));
            captured.bringTo(Map.of("bus", sink(delivery, topic), "all", all));
            assertEquals(expected, ids(topic), "the sink's position has stayed");
        }
    }
}
