package io.pgcdc.sinks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of outbox tables become events in Kafka. */
class OutboxTopicsTest {

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    Path directory;

    private List<String> captured(TargetDatabase source, String topic, String... settings) {
        Sink sink = KafkaTarget.sink(source.name(), Map.of("bootstrap.servers", BROKER.bootstrapServers()), settings);
        new Captured(source, directory.resolve("queue")).bringTo(new LinkedHashMap<>(Map.of("bus", sink)));
        return TopicReader.read(BROKER.bootstrapServers(), topic).stream()
                .map(OutboxTopicsTest::print)
                .toList();
    }

    private static String print(ConsumerRecord<byte[], byte[]> record) {
        return TopicReader.header(record, "id") + " " + TopicReader.text(record.key()) + " "
                + TopicReader.text(record.value());
    }

    @Test
    void theSeedsOutboxGoesByEventType() {
        try (TargetDatabase source = new TargetDatabase(18)) {
            String type = "Placed_" + source.name();
            source.sql(
                    "CREATE SCHEMA event_driven",
                    "CREATE TABLE event_driven.event_outbox (event_id bigserial PRIMARY KEY, event_type varchar(100) NOT NULL,"
                            + " aggregate_id varchar(100) NOT NULL, event_data jsonb NOT NULL, published boolean DEFAULT false)",
                    "CREATE TABLE other (id int PRIMARY KEY)",
                    "CREATE PUBLICATION captured FOR ALL TABLES",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data) VALUES ('" + type
                            + "', 'o7', '{\"total\": 5}'), ('" + type + "', 'o8', '{\"total\": 6}')",
                    "INSERT INTO other VALUES (1)",
                    "UPDATE event_driven.event_outbox SET published = true",
                    "DELETE FROM event_driven.event_outbox");
            assertEquals(
                    List.of("1 o7 {\"total\": 5}", "2 o8 {\"total\": 6}"),
                    captured(source, "outbox.event." + type, "format=outbox", "partitions=1"));
        }
    }

    @Test
    void theOutboxOfDebeziumsRouterGoesByAggregateType() {
        try (TargetDatabase source = new TargetDatabase(18)) {
            String aggregate = "order_" + source.name();
            String id = "406c07f3-26f0-4eea-a50c-109940064b8f";
            String gone = "506c07f3-26f0-4eea-a50c-109940064b8f";
            source.sql(
                    "CREATE TABLE outboxevent (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, aggregateid varchar(255)"
                            + " NOT NULL, type varchar(255) NOT NULL, payload jsonb)",
                    "CREATE PUBLICATION captured FOR TABLE outboxevent",
                    "SELECT pg_create_logical_replication_slot('" + source.name() + "_slot', 'pgoutput')",
                    "INSERT INTO outboxevent VALUES ('" + id + "', '" + aggregate
                            + "', '1', 'OrderCreated', '{\"id\": 1}')",
                    "INSERT INTO outboxevent VALUES ('" + gone + "', '" + aggregate + "', '1', 'OrderGone', NULL)");
            assertEquals(
                    List.of(id + " 1 {\"id\": 1}", gone + " 1 null"),
                    captured(source, "outbox.event." + aggregate, "format=outbox", "outbox_preset=debezium"));
        }
    }
}
