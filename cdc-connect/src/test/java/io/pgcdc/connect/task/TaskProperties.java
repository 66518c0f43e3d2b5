package io.pgcdc.connect.task;

import io.pgcdc.connect.config.ConnectorConfig;
import io.pgcdc.servers.PgServer;
import java.util.HashMap;
import java.util.Map;

/** Properties of a task that reads publication p of a database, through a slot that has the database's name. */
final class TaskProperties {

    private TaskProperties() {}

    static Map<String, String> of(PgServer server, String database) {
        Map<String, String> properties = new HashMap<>();
        properties.put("name", database);
        properties.put("source.url", server.url(database));
        properties.put("source.password", PgServer.password());
        properties.put("source.slot", database);
        properties.put("source.publications", "p");
        properties.put("source.create_slot", "true");
        properties.put("values", "bytes");
        properties.put("prefix", "task");
        properties.put("heartbeat_record_interval_ms", "200");
        properties.put(ConnectorConfig.TASK_SOURCE, database);
        return properties;
    }

    /** Returns them with a snapshot of many small parts, and little memory. */
    static Map<String, String> withSnapshot(PgServer server, String database, int chunkBytes) {
        Map<String, String> properties = of(server, database);
        properties.put("snapshot.mode", "initial");
        properties.put("snapshot.chunk_bytes", Integer.toString(chunkBytes));
        properties.put("memory_bytes", "1048576");
        return properties;
    }
}
