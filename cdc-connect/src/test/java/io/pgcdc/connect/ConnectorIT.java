package io.pgcdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.connect.ConnectWorker;
import io.pgcdc.servers.connect.WorkerConfig;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** One worker, one slot. */
class ConnectorIT {

    private static final Path PLUGINS = Path.of(System.getProperty("pgcdc.connect.plugins", "/tmp/plug"));

    @Test
    void changesReachKafkaOnceThroughAKilledWorker() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("connect");
        WorkerConfig config = WorkerConfig.of(broker, "c-" + UUID.randomUUID()).withPlugins(PLUGINS);
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement();
                ConnectWorker worker = ConnectWorker.start(config)) {
            sql.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
            sql.execute("INSERT INTO users SELECT i, 'n' || i FROM generate_series(1, 10) i");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            Map<String, String> properties = new HashMap<>();
            properties.put("connector.class", PostgresSourceConnector.class.getName());
            properties.put("tasks.max", "1");
            properties.put("source.url", server.url(database));
            properties.put("source.password", PgServer.password());
            properties.put("source.slot", database);
            properties.put("source.publications", "p");
            properties.put("source.create_slot", "true");
            properties.put("snapshot.mode", "initial");
            properties.put("transaction.boundary", "connector");
            properties.put("exactly.once.support", "required");
            properties.put("topic.creation.default.replication.factor", "1");
            properties.put("topic.creation.default.partitions", "2");
            properties.put("values", "bytes");
            properties.put("format", "native");
            properties.put("topic", database + ".${table}");
            properties.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
            properties.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
            properties.put("heartbeat_record_interval_ms", "500");
            System.out.println(worker.rest().validate(database, properties).path("error_count"));
            worker.rest().put(database, properties);
            try {
                worker.rest().awaitRunning(database, 1);
                TopicReader.awaitRecords(broker.bootstrapServers(), database + ".users", 10);
                sql.execute("INSERT INTO users SELECT i, 'n' || i FROM generate_series(11, 20) i");
                TopicReader.awaitRecords(broker.bootstrapServers(), database + ".users", 20);
                Await.until(
                        "the slot",
                        () -> server.ask(
                                        "SELECT pg_current_wal_lsn() - confirmed_flush_lsn < 10000 FROM pg_replication_slots WHERE slot_name = '"
                                                + database + "'")
                                .startsWith("t"));
                System.out.println(worker.rest().offsets(database));
                worker.kill();
                sql.execute("INSERT INTO users SELECT i, 'n' || i FROM generate_series(21, 30) i");
                worker.restart();
                worker.awaitReady();
                List<ConsumerRecord<byte[], byte[]>> all =
                        TopicReader.awaitRecords(broker.bootstrapServers(), database + ".users", 30);
                all.forEach(r -> System.out.println(new String(r.value(), StandardCharsets.UTF_8)));
                assertEquals(30, all.size());
                System.out.println(worker.rest().offsets(database));
            } finally {
                java.nio.file.Files.writeString(Path.of("/tmp/worker.log"), worker.log());
            }
        }
    }
}
