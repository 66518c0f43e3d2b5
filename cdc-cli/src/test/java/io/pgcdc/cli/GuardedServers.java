package io.pgcdc.cli;

import io.pgcdc.servers.PgServer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of each version asked for, whose pg_hba.conf tells roles apart, with few slots and little WAL kept for them.
 *
 * <p>Roles: {@code keyed} needs a password, {@code shut} is rejected, {@code tls_only} has a hostssl line alone, {@code unlisted} has
 * no line; {@code plain} may log in and no more, {@code cdc} has REPLICATION.
 */
final class GuardedServers implements AutoCloseable {

    static final int SLOTS = 3;

    private static final Map<String, String> CONFIGURATION = Map.of(
            "max_replication_slots", String.valueOf(SLOTS),
            "max_slot_wal_keep_size", "1MB",
            "min_wal_size", "32MB");

    private static final String ACCESS = """
            host    all postgres  samehost scram-sha-256
            host    all keyed     samehost scram-sha-256
            host    all shut      samehost reject
            hostssl all tls_only  samehost trust
            host    all plain     samehost scram-sha-256
            host    all cdc       samehost scram-sha-256
            host    all stranger  samehost trust
            """;

    private final Map<Integer, PgServer> servers = new LinkedHashMap<>();

    PgServer get(int version) {
        return servers.computeIfAbsent(version, GuardedServers::start);
    }

    private static PgServer start(int version) {
        PgServer server = PgServer.start(version, CONFIGURATION);
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SET password_encryption TO 'scram-sha-256'");
            statement.execute("CREATE ROLE keyed LOGIN REPLICATION PASSWORD 'right'");
            for (String role : new String[] {"shut", "tls_only", "unlisted"}) {
                statement.execute("CREATE ROLE " + role + " LOGIN REPLICATION");
            }
            statement.execute("CREATE ROLE cdc LOGIN REPLICATION PASSWORD '" + PgServer.password() + "'");
            statement.execute("CREATE ROLE plain LOGIN PASSWORD '" + PgServer.password() + "'");
            for (String role : new String[] {"cdc", "plain"}) {
                Files.writeString(
                        PgServer.passFile(),
                        "localhost:" + server.port() + ":*:" + role + ":" + PgServer.password() + "\n",
                        StandardOpenOption.APPEND);
            }
            Files.writeString(server.dataDirectory().resolve("pg_hba.conf"), ACCESS);
            statement.execute("SELECT pg_reload_conf()");
            awaitRefusal(server);
            return server;
        } catch (Exception e) {
            server.close();
            throw new AssertionError(e);
        }
    }

    /** The reload is done by the server in its own time. */
    private static void awaitRefusal(PgServer server) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        String url = "jdbc:postgresql://localhost:" + server.port() + "/postgres?user=shut";
        while (System.nanoTime() < deadline) {
            try {
                DriverManager.getConnection(url).close();
                LockSupport.parkNanos(20_000_000);
            } catch (SQLException refused) {
                if (String.valueOf(refused.getMessage()).contains("rejects connection")) {
                    return; // until then it lacks a password
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
        throw new AssertionError("pg_hba.conf was not read within 30 s");
    }

    @Override
    public void close() {
        servers.values().forEach(PgServer::close);
    }
}
