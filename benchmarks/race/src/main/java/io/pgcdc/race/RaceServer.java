package io.pgcdc.race;

import io.pgcdc.servers.PgServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server that all contestants read from: embedded, or given. */
final class RaceServer implements AutoCloseable {

    /** As a server in use has them, but for what would only disturb: checkpoints and vacuum while a clock runs. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "shared_buffers", "512MB",
            "max_wal_size", "16GB",
            "checkpoint_timeout", "1h",
            "autovacuum", "off");

    private final @Nullable PgServer embedded;
    private final String host;
    private final int port;
    private final String user;
    private final @Nullable String password;
    private final String database;

    /** The folder of the server's Unix socket; null: it has none. */
    private final @Nullable Path sockets;

    private RaceServer(
            @Nullable PgServer embedded,
            @Nullable Path sockets,
            String host,
            int port,
            String user,
            @Nullable String password,
            String database) {
        this.embedded = embedded;
        this.sockets = sockets;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.database = database;
    }

    static RaceServer embedded(int version) throws SQLException {
        return embedded(version, null);
    }

    /** @param sockets the folder of the server's Unix socket; null: it has none */
    static RaceServer embedded(int version, @Nullable Path sockets) throws SQLException {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        if (sockets != null) {
            settings.put("unix_socket_directories", sockets.toString());
        }
        PgServer server = PgServer.start(version, settings);
        return new RaceServer(
                server,
                sockets,
                "localhost",
                server.port(),
                PgServer.SUPERUSER,
                PgServer.password(),
                server.createDatabase("race"));
    }

    /** @param url {@code postgresql://user:password@host:port/database}; what is called race there is replaced, and dropped at the end */
    static RaceServer given(String url) {
        URI uri = URI.create(url);
        String[] userInfo = (uri.getUserInfo() == null ? "postgres" : uri.getUserInfo()).split(":", 2);
        if (uri.getHost() == null || uri.getPath().length() < 2) {
            throw new IllegalArgumentException("--server: write postgresql://user:password@host:port/database");
        }
        return new RaceServer(
                null,
                null,
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                userInfo[0],
                userInfo.length > 1 ? userInfo[1] : null,
                uri.getPath().substring(1));
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password == null ? "" : password);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    String url() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }

    /** Returns the URL by the server's Unix socket, if it has one. */
    String nearestUrl() {
        return sockets == null
                ? url()
                : "postgresql://" + user + "@/" + database + "?host=" + sockets + "&port=" + port;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String user() {
        return user;
    }

    /** Empty when there is none. */
    String password() {
        return password == null ? "" : password;
    }

    /** For a process that connects to it: others see arguments. */
    Map<String, String> environment() {
        if (embedded != null) {
            return Map.of(
                    "PGPASSWORD",
                    PgServer.password(),
                    "PGPASSFILE",
                    PgServer.passFile().toString());
        }
        return password == null ? Map.of() : Map.of("PGPASSWORD", password);
    }

    String database() {
        return database;
    }

    /** Whether its processes are this machine's, and can be watched. */
    boolean isLocal() {
        try {
            return embedded != null || InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
