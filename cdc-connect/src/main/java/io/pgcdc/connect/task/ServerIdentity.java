package io.pgcdc.connect.task;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.connect.offset.SourceState;
import io.pgcdc.queue.QueueIdentity;
import io.pgcdc.source.SourceConfig;
import io.pgcdc.wire.ReplicationConnection;
import io.pgcdc.wire.SystemIdentity;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;

/** Asks the server which it is. */
final class ServerIdentity implements SourceState.Server {

    private final SourceConfig source;

    ServerIdentity(SourceConfig source) {
        this.source = source;
    }

    /** @throws io.pgcdc.error.SourceException the server cannot be reached, or refuses */
    @Override
    public QueueIdentity identify() {
        ServerAddress address = source.address();
        int timeoutMs = (int) source.receiveTimeoutMs();
        SystemIdentity system;
        try (ReplicationConnection connection = new ReplicationConnection.Attempt()
                .open(address.jdbcUrl(), address.properties(), address.describe(), timeoutMs)) {
            system = connection.identifySystem();
        }
        try (CatalogConnection catalog =
                new CatalogConnection(address.jdbcUrl(), address::properties, address.describe(), timeoutMs)) {
            long oid = catalog.ask("identifying the database", connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()")) {
                    row.next();
                    return row.getLong(1);
                }
            });
            return new QueueIdentity(
                    system.systemIdentifier(),
                    system.database(),
                    (int) oid,
                    source.slot(),
                    system.timeline(),
                    Instant.EPOCH);
        }
    }
}
