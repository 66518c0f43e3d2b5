package io.pgcdc.servers.process;

import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.net.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL cluster whose postmaster is our child process: it can be killed at any moment and started again. */
public final class ServerProcess implements AutoCloseable {

    private static final long DEADLINE_S = 60;

    private final Path binaries;
    private final Path data;
    private final int port;
    private volatile @Nullable Process postmaster;

    private final KeptConnections asking = new KeptConnections(this::connect);

    private ServerProcess(Path binaries, Path data, int port) {
        this.binaries = binaries;
        this.data = data;
        this.port = port;
    }

    /** Creates a new cluster in a directory, with lines for its postgresql.conf. Does not start it. */
    public static ServerProcess create(int version, Path directory, String... settings) {
        ServerProcess server = new ServerProcess(binaries(version), directory, FreePort.find());
        server.command(
                "initdb",
                "-D",
                directory.toString(),
                "-U",
                PgServer.SUPERUSER,
                "-A",
                "scram-sha-256",
                "--pwfile",
                PgServer.verifierFile().toString(),
                "-E",
                "UTF8",
                "--no-sync");
        // the page cache survives all that a test does to processes
        server.configure("wal_level = logical", "fsync = off", "max_wal_senders = 10", "max_replication_slots = 10");
        server.configure("unix_socket_directories = ''", "listen_addresses = 'localhost'", "max_connections = 40");
        server.configure(settings);
        return server;
    }

    /** Copies this cluster, which must not run. The copy has its own port. */
    public ServerProcess copy(Path directory) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, directory.resolve(data.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return new ServerProcess(binaries, directory, FreePort.find());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies this cluster as a standby, which follows it once both are started. */
    public ServerProcess standby(Path directory, String... settings) {
        ServerProcess standby = copy(directory);
        standby.configure("primary_conninfo = 'host=localhost port=" + port + " user=" + PgServer.SUPERUSER
                + " passfile=" + PgServer.passFile() + " dbname=postgres application_name=standby'");
        standby.configure(settings);
        try {
            Files.createFile(directory.resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return standby;
    }

    /** Replaces this cluster's data with the other's, like restoring a backup. Neither may run. */
    public void restore(ServerProcess backup) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            backup.copy(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void configure(String... lines) {
        try {
            Files.write(data.resolve("postgresql.conf"), List.of(lines), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url(String database) {
        return "postgresql://" + PgServer.SUPERUSER + "@localhost:" + port + "/" + database;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port + "/" + database + "?user=" + PgServer.SUPERUSER);
    }

    public void sql(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns the first column of the first row. The connection is kept for the next question. */
    public String ask(String database, String sql) throws SQLException {
        return asking.ask(database, sql);
    }

    /** Starts the server. Returns once it accepts connections; after a crash that is after its recovery. */
    public ServerProcess start() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        try {
            // the server requires these permissions
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            while (System.nanoTime() < deadline) {
                Process running = postmaster;
                if (running == null || !running.isAlive()) {
                    // after a kill it refuses for a moment, because children of the old postmaster still hold the
                    // memory
                    postmaster = launch();
                }
                try {
                    connect("postgres").close();
                    return this;
                } catch (SQLException e) {
                    LockSupport.parkNanos(50_000_000);
                }
            }
            throw new AssertionError("the server did not start: " + Files.readString(log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = asUser("postgres");
        command.addAll(List.of("-D", data.toString(), "-p", String.valueOf(port)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /** Kills the postmaster with SIGKILL; its children end when they notice. */
    public void kill() {
        asking.close();
        Process running = postmaster;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    /** Shuts down immediately: all processes at once, without a checkpoint. The next start recovers. */
    public void stopImmediately() {
        signal("QUIT");
    }

    /** Shuts down fast. */
    public void stop() {
        signal("INT");
    }

    private void signal(String name) {
        asking.close();
        Process running = postmaster;
        if (running != null && running.isAlive()) {
            run(List.of("kill", "-" + name, String.valueOf(running.pid())));
            await(running);
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void command(String name, String... arguments) {
        List<String> command = asUser(name);
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            await(process);
            if (process.exitValue() != 0) {
                throw new AssertionError(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the command that runs a program. PostgreSQL refuses to run as root; in a user namespace without mappings, root is
     * nobody.
     */
    private List<String> asUser(String program) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve(program).toString());
        return command;
    }

    private static Path binaries(int version) {
        try {
            return Path.of(PgServer.shared(version).ask("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stopImmediately();
    }
}
