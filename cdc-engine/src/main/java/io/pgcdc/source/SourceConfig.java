package io.pgcdc.source;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
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

    private static final int MS_PER_SECOND = 1_000;

    public SourceConfig {
        publications = List.copyOf(publications);
        publicationTables = List.copyOf(publicationTables);
    }

    /** @param address made of the setting url */
    public static SourceConfig of(SettingValues values, ServerAddress address) {
        List<TableName> tables = values.find(SourceSettings.PUBLICATION_TABLES);
        String timeout = address.parameters().getOrDefault(ConnectionParameter.CONNECT_TIMEOUT, "0");
        return new SourceConfig(
                address,
                values.get(SourceSettings.SLOT),
                values.get(SourceSettings.PUBLICATIONS),
                values.get(SourceSettings.CREATE_SLOT),
                values.get(SourceSettings.FAILOVER_SLOT),
                values.get(SourceSettings.CREATE_PUBLICATION),
                tables == null ? List.of() : tables,
                values.get(SourceSettings.STATUS_INTERVAL_MS),
                values.get(SourceSettings.RECEIVE_TIMEOUT_MS),
                Long.parseLong(timeout) * MS_PER_SECOND,
                values.get(SourceSettings.RECONNECT),
                values.get(SourceSettings.HEARTBEAT_INTERVAL_MS));
    }

    /** Returns the same slot for a run that makes and writes nothing on the server, and ends with its connection. */
    public SourceConfig readOnly() {
        return new SourceConfig(
                address,
                slot,
                publications,
                false,
                failoverSlot,
                false,
                publicationTables,
                statusIntervalMs,
                receiveTimeoutMs,
                connectTimeoutMs,
                false,
                0);
    }
}
