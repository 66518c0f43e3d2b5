package io.pgcdc.source;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.PasswordCommand;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import java.util.List;

/**
 * The configuration of the source.
 *
 * @param publicationTables tables of the publication to create; empty for all tables
 * @param aliases the names that changes carry
 * @param failoverSlot true if standbys synchronize a slot that pgcdc creates
 * @param heartbeatIntervalMs 0: no heartbeat
 * @param watchIntervalMs 0: the slot's WAL is not watched
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
        TableAliases aliases,
        long statusIntervalMs,
        long receiveTimeoutMs,
        long connectTimeoutMs,
        boolean reconnect,
        long heartbeatIntervalMs,
        long watchIntervalMs) {

    private static final int MS_PER_SECOND = 1_000;

    public SourceConfig {
        publications = List.copyOf(publications);
        publicationTables = List.copyOf(publicationTables);
    }

    /** @param address the address of the setting url */
    public static SourceConfig of(SettingValues values, ServerAddress address) {
        List<TableName> tables = values.find(SourceSettings.PUBLICATION_TABLES);
        String timeout = address.parameters().getOrDefault(ConnectionParameter.CONNECT_TIMEOUT, "0");
        return new SourceConfig(
                PasswordCommand.of(values.find(SourceSettings.PASSWORD_COMMAND), address),
                values.get(SourceSettings.SLOT),
                values.get(SourceSettings.PUBLICATIONS),
                values.get(SourceSettings.CREATE_SLOT),
                values.get(SourceSettings.FAILOVER_SLOT),
                values.get(SourceSettings.CREATE_PUBLICATION),
                tables == null ? List.of() : tables,
                values.get(SourceSettings.TABLE_ALIASES),
                values.get(SourceSettings.STATUS_INTERVAL_MS),
                values.get(SourceSettings.RECEIVE_TIMEOUT_MS),
                Long.parseLong(timeout) * MS_PER_SECOND,
                values.get(SourceSettings.RECONNECT),
                values.get(SourceSettings.HEARTBEAT_INTERVAL_MS),
                values.get(SourceSettings.WATCH_INTERVAL_MS));
    }

    /** Returns true if a refused login may pass, because the next one may use another password. */
    public boolean mayPasswordChange() {
        return address.mayPasswordChange();
    }

    /** Returns this configuration for another address of the same database. */
    public SourceConfig at(ServerAddress other) {
        return new SourceConfig(
                other,
                slot,
                publications,
                createSlot,
                failoverSlot,
                createPublication,
                publicationTables,
                aliases,
                statusIntervalMs,
                receiveTimeoutMs,
                connectTimeoutMs,
                reconnect,
                heartbeatIntervalMs,
                watchIntervalMs);
    }

    /** Returns this configuration for a run that creates and writes nothing on the server, and ends when its connection is lost. */
    public SourceConfig readOnly() {
        return new SourceConfig(
                address,
                slot,
                publications,
                false,
                failoverSlot,
                false,
                publicationTables,
                aliases,
                statusIntervalMs,
                receiveTimeoutMs,
                connectTimeoutMs,
                false,
                0,
                0);
    }
}
