package io.pgcdc.source;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.model.TableName;
import java.util.List;

/**
 * Where changes come from.
 *
 * @param publicationTables of the publication to create; empty: all tables
 * @param failoverSlot a slot that is created is one that standbys keep in step
 * @param heartbeatIntervalMs 0: none is sent
 * @param connectTimeoutMs also in {@code address.properties()}, in whole seconds
 */
public record SourceConfig(
        ServerAddress address,
        String slot,
        List<String> publications,
        boolean createSlot,
        boolean failoverSlot,
        boolean createPublication,
        List<TableName> publicationTables,
        long statusIntervalMs,
        long receiveTimeoutMs,
        long connectTimeoutMs,
        boolean reconnect,
        long heartbeatIntervalMs) {

    public SourceConfig {
        publications = List.copyOf(publications);
        publicationTables = List.copyOf(publicationTables);
    }
}
