package io.pgcdc.sinks.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import io.pgcdc.servers.PgServer;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Debezium's own engine, which reads until the row that ends the workload. */
public final class Peer {

    private static final long DEADLINE_SECONDS = 60;

    private static final String END_OF_SNAPSHOT = "\"snapshot\":\"last\"";

    private final Properties properties = new Properties();
    private final CompletableFuture<Void> snapshot = new CompletableFuture<>();
    private final String finish;

    /**
     * Reads a slot that exists, unless the settings ask for a snapshot.
     *
     * @param finish topic of the table whose first record ends it
     * @param settings on top of those that make it read all that we read
     */
    public Peer(TargetDatabase source, String slot, String prefix, String finish, Map<String, String> settings) {
        this.finish = finish;
        properties.putAll(Map.ofEntries(
                Map.entry("name", prefix),
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore"),
                Map.entry("topic.prefix", prefix),
                Map.entry("database.hostname", "localhost"),
                Map.entry("database.port", Integer.toString(source.server().port())),
                Map.entry("database.dbname", source.name()),
                Map.entry("database.user", "postgres"),
                Map.entry("database.password", PgServer.password()),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("slot.name", slot),
                Map.entry("publication.name", "captured"),
                Map.entry("publication.autocreate.mode", "disabled"),
                Map.entry("snapshot.mode", "no_data"),
                Map.entry("skipped.operations", "none"),
                Map.entry("tombstones.on.delete", "false"),
                Map.entry("errors.max.retries", "0"),
                Map.entry("poll.interval.ms", "1")));
        properties.putAll(settings);
    }

    /** Waits until the last row of the snapshot has come. {@link #read} must run on another thread. */
    void awaitSnapshot() {
        snapshot.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Returns all records. */
    public List<KeyedRecord> read() {
        List<KeyedRecord> records = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                .using(properties)
                .using((success, message, error) -> {
                    IllegalStateException end = new IllegalStateException("the engine ended: " + message, error);
                    done.completeExceptionally(end);
                    snapshot.completeExceptionally(end);
                })
                .notifying(event -> {
                    records.add(new KeyedRecord(event.destination(), event.key(), event.value()));
                    if (String.valueOf(event.value()).contains(END_OF_SNAPSHOT)) {
                        snapshot.complete(null);
                    }
                    if (event.destination().equals(finish)) {
                        done.complete(null);
                    }
                })
                .build();
        Thread thread = new Thread(engine, "debezium");
        thread.setDaemon(true);
        thread.start();
        try {
            done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            engine.close();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(records.size() + " records, then " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }
}
