package io.pgcdc.servers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server from the embedded binaries, on a free port of the loopback address, with {@code wal_level = logical}. Its
 * superuser {@code postgres} needs {@link #password()}: pgjdbc finds it in this JVM, libpq through {@link #passFile()}. Its data
 * directory is deleted when it is closed. A {@link PgServerSource} provides other servers.
 */
public final class PgServer implements AutoCloseable {

    public static final String SUPERUSER = "postgres";

    /** Of the superuser, in every cluster. */
    private static final String OWN_DATABASE = "postgres";

    /** The library's own directory for data, which we do not use. */
    private static final String LIBRARY_DIRECTORY = "ot.epg.working-dir";

    private static final Map<Integer, PgServer> SHARED = new ConcurrentHashMap<>();

    private static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "max_wal_senders", "20",
            "max_replication_slots", "20",
            "max_connections", "100",
            "fsync", "off",
            // like other servers: what has committed can be streamed; the library disables it
            "synchronous_commit", "on",
            // all users can write to the default, /tmp
            "unix_socket_directories", "''");

    /** Settings of servers that many tests share and no test crashes. They save work for each of the many databases. */
    private static final Map<String, String> SHARED_SETTINGS =
            Map.of("full_page_writes", "off", "wal_init_zero", "off", "autovacuum", "off");

    private final int majorVersion;
    private final String host;
    private final int port;
    private final @Nullable Path dataDirectory;
    private final Closeable stop;
    private final KeptConnections own = new KeptConnections(this::connect);

    private PgServer(int majorVersion, String host, int port, @Nullable Path dataDirectory, Closeable stop) {
        this.majorVersion = majorVersion;
        this.host = host;
        this.port = port;
        this.dataDirectory = dataDirectory;
        this.stop = stop;
    }

    /** Returns a server that runs elsewhere, with the action that stops it. */
    public static PgServer running(int majorVersion, String host, int port, Closeable stop) {
        return new PgServer(majorVersion, host, port, null, stop);
    }

    /** Starts a server of the newest version, or of one whose binaries the build has copied. */
    public static PgServer start(int majorVersion) {
        return start(majorVersion, Map.of());
    }

    /** Starts a server with these settings of postgresql.conf in addition to ours. */
    public static PgServer start(int majorVersion, Map<String, String> configuration) {
        try {
            // unpacked once per user
            Path own = OwnDirectory.require(OwnDirectory.cache(System.getenv(), System.getProperty("user.home")));
            // otherwise the library stops and deletes servers in the temporary directory, under a name that others can
            // take
            System.setProperty(LIBRARY_DIRECTORY, own.resolve("embedded-pg").toString());
            LibraryScript.runOnce();
            Path data = java.nio.file.Files.createTempDirectory("pgcdc-pg" + majorVersion + "-");
            try {
                EmbeddedPostgres postgres =
                        builder(majorVersion, own, data, configuration).start();
                return new PgServer(majorVersion, "localhost", postgres.getPort(), data, postgres);
            } catch (IOException | RuntimeException e) {
                try {
                    FileTree.delete(data);
                } catch (UncheckedIOException stillInUse) {
                    e.addSuppressed(stillInUse);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL " + majorVersion + " did not start", e);
        } catch (IllegalStateException e) { // a program of the server failed
            throw new UncheckedIOException(
                    "PostgreSQL " + majorVersion + " did not start", new IOException(e.getMessage(), e));
        }
    }

    private static EmbeddedPostgres.Builder builder(
            int majorVersion, Path own, Path data, Map<String, String> configuration) {
        SuperuserPassword password = SuperuserPassword.shared();
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(PgBinaries.of(majorVersion))
                .setDataDirectory(data)
                // not that directory itself, which must stay closed: the library lets everybody write to the directory
                // that it is
                // given
                .setOverrideWorkingDirectory(own.resolve("postgres").toFile())
                .setCleanDataDirectory(true)
                // the starter stops it; a shutdown hook would stop it before a capture has said goodbye
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                // all of these are options of initdb
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setLocaleConfig("auth-local", "scram-sha-256")
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("pwfile", password.verifierFile().toString())
                .setConnectConfig("password", password.text());
        SETTINGS.forEach(builder::setServerConfig);
        configuration.forEach(builder::setServerConfig);
        return builder;
    }

    /**
     * Returns the server of a version that all tests of a JVM share, stopped when the JVM ends. Its users create their own
     * databases and slots. It comes from the configured {@link PgServerSource}.
     */
    public static PgServer shared(int majorVersion) {
        return SHARED.computeIfAbsent(majorVersion, version -> {
            String source = System.getProperty(PgServerSource.PROPERTY);
            PgServer server = source == null
                    ? start(version, SHARED_SETTINGS)
                    : source(source).start(version, SETTINGS);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-pg" + version));
            server.cacheCatalogOfTemplate();
            return server;
        });
    }

    /** The first session of a database writes a cache of its catalog. New databases are copies of this one, with its cache. */
    private void cacheCatalogOfTemplate() {
        try {
            connect("template1").close();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL " + majorVersion + " refuses a session", e);
        }
    }

    private static PgServerSource source(String name) {
        return ServiceLoader.load(PgServerSource.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(source -> source.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no source of servers is called \"" + name + "\" (-D" + PgServerSource.PROPERTY + ")"));
    }

    public int majorVersion() {
        return majorVersion;
    }

    public int port() {
        return port;
    }

    /** Returns the data directory. Only for servers from the embedded binaries. */
    public Path dataDirectory() {
        if (dataDirectory == null) {
            throw new IllegalStateException(
                    "PostgreSQL " + majorVersion + " at " + host + ":" + port + " runs elsewhere");
        }
        return dataDirectory;
    }

    /** Returns the superuser's password, for all servers that this JVM starts. */
    public static String password() {
        return SuperuserPassword.shared().text();
    }

    /** Returns a password file (libpq's PGPASSFILE) that only the current user can read. Deleted when the JVM ends. */
    public static Path passFile() {
        return SuperuserPassword.shared().passFile();
    }

    /** Deletes the files with the password, for a JVM that is halted before its end. No server can be started afterwards. */
    public static void forgetPassword() {
        SuperuserPassword.shared().deleteFiles();
    }

    /** Returns the file for {@code initdb --pwfile}. */
    public static Path verifierFile() {
        return SuperuserPassword.shared().verifierFile();
    }

    /** Returns libpq's form: {@code postgresql://postgres@host:port/database}. */
    public String url(String database) {
        return "postgresql://" + SUPERUSER + "@" + host + ":" + port + "/" + database;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database + "?user=" + SUPERUSER;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** Returns the first column of the first row of a query in the database {@code postgres}. */
    public String ask(String sql) throws SQLException {
        return own.ask(OWN_DATABASE, sql);
    }

    /** Creates a database with a unique name that starts with {@code prefix}. */
    public String createDatabase(String prefix) throws SQLException {
        String name = prefix + "_" + java.util.UUID.randomUUID().toString().substring(0, 8);
        // copying files costs half as much as logging each page; before 15 there is no other way
        own.execute(OWN_DATABASE, "CREATE DATABASE " + name + (majorVersion < 15 ? "" : " STRATEGY file_copy"));
        return name;
    }

    /** Drops a database with its slots, and ends all connections to it. */
    public void dropDatabase(String name) throws SQLException {
        own.execute(
                OWN_DATABASE,
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '" + name
                        + "' AND active_pid IS NOT NULL");
        // the walsender releases its slot a moment later; the server waits for that
        own.execute(
                OWN_DATABASE,
                "DO $$ BEGIN FOR i IN 1..100 LOOP EXIT WHEN NOT EXISTS (SELECT FROM pg_replication_slots"
                        + " WHERE database = '" + name + "' AND active); PERFORM pg_sleep(0.05); END LOOP; END $$");
        own.execute(
                OWN_DATABASE,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '" + name + "'");
        own.execute(OWN_DATABASE, "DROP DATABASE " + name + " WITH (FORCE)");
    }

    @Override
    public void close() {
        own.close();
        try {
            stop.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL " + majorVersion + " did not stop", e);
        }
    }
}
