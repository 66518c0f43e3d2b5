package io.pgcdc.cli;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.format.Json;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's engine with its defaults, which sends to Kafka as its server does and keeps its offsets there; stops behind a given change, or
 * behind the boundaries after it.
 */
final class DebeziumToKafka implements AutoCloseable {

    /** What it sends last. */
    enum Behind {
        /** The change; nothing is sent of where transactions begin and end. */
        CHANGE,
        /** The end of the change's transaction. */
        END,
        /** The begin of the next one. */
        BEGIN
    }

    static final String OFFSETS = "dbz-offsets";

    private static final long LONGEST_SECONDS = 120;

    private final DebeziumEngine<ChangeEvent<String, String>> engine;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final Behind behind;
    private final int most;
    private final String boundaryTopic;
    private int records;
    private boolean done;

    /**
     * Starts it.
     *
     * @param prefix also the connector's name, and the slot's
     * @param most how many changes it sends before it stops
     * @param behind which boundary it sends behind the last change
     */
    DebeziumToKafka(PgServer server, String database, String prefix, KafkaBroker broker, int most, Behind behind) {
        this.most = most;
        this.behind = behind;
        boundaryTopic = prefix + ".transaction";
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("name", prefix + "-connector"),
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("offset.storage", "org.apache.kafka.connect.storage.KafkaOffsetBackingStore"),
                Map.entry("offset.storage.topic", OFFSETS),
                Map.entry("offset.storage.partitions", "3"),
                Map.entry("offset.storage.replication.factor", "1"),
                Map.entry("offset.flush.interval.ms", "0"),
                Map.entry("bootstrap.servers", broker.bootstrapServers()),
                Map.entry("topic.prefix", prefix),
                Map.entry("database.hostname", "localhost"),
                Map.entry("database.port", Integer.toString(server.port())),
                Map.entry("database.dbname", database),
                Map.entry("database.user", PgServer.SUPERUSER),
                Map.entry("database.password", PgServer.password()),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("slot.name", prefix),
                Map.entry("publication.name", prefix),
                Map.entry("snapshot.mode", "no_data"),
                Map.entry("provide.transaction.metadata", Boolean.toString(behind != Behind.CHANGE)),
                Map.entry("poll.interval.ms", "1")));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        engine = DebeziumEngine.create(Json.class)
                .using(properties)
                .using((success, message, error) ->
                        sent.completeExceptionally(new IllegalStateException("the engine ended: " + message, error)))
                .notifying(this::handle)
                .build();
        Thread thread = new Thread(engine, "debezium");
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
    private void handle(List<ChangeEvent<String, String>> batch, RecordCommitter<ChangeEvent<String, String>> committer)
            throws InterruptedException {
        for (ChangeEvent<String, String> event : batch) {
            if (done) {
                break;
            }
            producer.send(
                    new ProducerRecord<>(event.destination(), bytes(event.key()), bytes(event.value())),
                    (metadata, failure) -> {
                        if (failure != null) {
                            sent.completeExceptionally(failure);
                        }
                    });
            committer.markProcessed(event);
            boolean change = !event.destination().equals(boundaryTopic);
            records += change ? 1 : 0;
            boolean last = behind == Behind.CHANGE || (!change && event.value().contains("\"" + behind + "\""));
            done = records == most && last;
        }
        producer.flush();
        committer.markBatchFinished();
        if (done) {
            sent.complete(null);
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Once it has sent all that it may. */
    void awaitSent() throws Exception {
        sent.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        producer.close();
    }
}
