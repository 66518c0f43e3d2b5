package io.pgcdc.race;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.util.Properties;

/**
 * Debezium's embedded engine, JSON without schemas, tuned as its documentation advises for throughput and latency: large queue and
 * batches, short poll. It only counts.
 */
final class DebeziumReader {

    /** The row that ends each backlog. */
    private static final String FINISH = "\"table\":\"" + Backlog.FINISH_TABLE + "\"";

    private final boolean beating;
    private long changes;

    private DebeziumReader(boolean beating) {
        this.beating = beating;
    }

    /** The same arguments as {@link CountingReader}. */
    public static void main(String[] arguments) {
        DebeziumReader reader = new DebeziumReader(arguments[6].equals("beats"));
        DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                .using(properties(arguments))
                .notifying(reader::take)
                .build();
        engine.run();
        System.err.println("the engine ended by itself");
        System.exit(1);
    }

    static Properties properties(String[] arguments) {
        Properties properties = new Properties();
        properties.setProperty("name", "race");
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("offset.flush.interval.ms", "10000");
        properties.setProperty("topic.prefix", "race");
        properties.setProperty("database.hostname", arguments[0]);
        properties.setProperty("database.port", arguments[1]);
        properties.setProperty("database.dbname", arguments[2]);
        properties.setProperty("database.user", arguments[3]);
        properties.setProperty("database.password", System.getenv().getOrDefault("PGPASSWORD", ""));
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", arguments[4]);
        properties.setProperty("publication.name", arguments[5]);
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("tombstones.on.delete", "false");
        properties.setProperty("key.converter.schemas.enable", "false");
        properties.setProperty("value.converter.schemas.enable", "false");
        properties.setProperty("max.queue.size", "65536");
        properties.setProperty("max.batch.size", "16384");
        properties.setProperty("poll.interval.ms", "1");
        return properties;
    }

    private void take(ChangeEvent<String, String> event) {
        changes++;
        String value = event.value();
        if (beating) {
            int id = value.indexOf("\"id\":") + 5;
            System.out.println(value.substring(id, value.indexOf(',', id)) + " " + System.nanoTime());
        } else if (value.contains(FINISH)) {
            System.out.println(changes + " -1");
            System.out.flush();
            // it takes seconds to stop by itself, and they do not belong to the reading
            Runtime.getRuntime().halt(0);
        }
    }
}
