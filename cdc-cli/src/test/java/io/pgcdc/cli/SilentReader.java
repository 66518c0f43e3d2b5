package io.pgcdc.cli;

import io.pgcdc.servers.PgServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;

/** Reads a slot and never answers the server, like a process whose host is gone: whoever wants the slot waits. */
final class SilentReader implements AutoCloseable {

    private final Connection connection;

    SilentReader(PgServer server, String database, String slot, String publication) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, PgServer.SUPERUSER);
        PGProperty.PASSWORD.set(properties, PgServer.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.APPLICATION_NAME.set(properties, "another reader");
        connection = DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.port() + "/" + database, properties);
        connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withStartPosition(LogSequenceNumber.INVALID_LSN)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publication)
                .withStatusInterval(1, TimeUnit.HOURS)
                .start();
    }

    /** Returns the id of the server's process. */
    int pid() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
