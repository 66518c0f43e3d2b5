package io.pgcdc.servers.connect;

import io.pgcdc.servers.FileTree;
import io.pgcdc.servers.net.FreePort;
import io.pgcdc.servers.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A distributed Kafka Connect worker in a separate process, on a free port of the loopback address. All users of the machine can
 * reach it, unless it is {@linkplain WorkerConfig#guarded guarded}. Its class path has Kafka's jars alone, in Kafka's versions; connectors come from {@link WorkerConfig#plugins}. Closing
 * kills it, and deletes its directory with its log. For one thread.
 */
public final class ConnectWorker implements AutoCloseable {

    /** System property: the folder with {@code lib} (the worker's jars) and {@code plugins} (Kafka's own connectors), which the build makes. */
    public static final String FOLDER_PROPERTY = "pgcdc.connect.worker";

    /** How long a start may take: several JVMs may start on a busy machine. */
    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    /** How long the worker may take to stop its tasks. */
    private static final long LONGEST_STOP_SECONDS = 30;

    /** How much of the log an error quotes, in characters. */
    private static final int LOG_TAIL = 6_000;

    private static final int KB = 1024;

    private final Path directory;
    private final int port;
    private final @Nullable WorkerLogin login;
    private final List<String> command;
    private Process process;

    private ConnectWorker(Path directory, WorkerConfig config) throws IOException {
        this.directory = directory;
        this.port = FreePort.find();
        this.login = config.login();
        List<String> jvmOptions = new ArrayList<>(config.jvmOptions());
        if (login != null) {
            login.write(directory);
            jvmOptions.add(login.jvmOption(directory));
        }
        Properties properties = new Properties();
        properties.putAll(config.properties(port));
        try (var writer = Files.newBufferedWriter(directory.resolve("worker.properties"))) {
            properties.store(writer, null);
        }
        command = command(jvmOptions);
        process = launch();
    }

    /** Starts a worker. Returns once it is a member of its group and answers over REST. */
    public static ConnectWorker start(WorkerConfig config) {
        ConnectWorker worker = launch(config);
        try {
            worker.awaitReady();
            return worker;
        } catch (AssertionError e) {
            worker.close();
            throw e;
        }
    }

    /** Starts a worker's process. Returns at once, so that several can start at the same time: see {@link #awaitReady}. */
    public static ConnectWorker launch(WorkerConfig config) {
        try {
            Path directory = Files.createTempDirectory("pgcdc-connect-");
            try {
                return new ConnectWorker(directory, config);
            } catch (IOException e) {
                FileTree.delete(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the Connect worker did not start", e);
        }
    }

    /** Returns the folder for {@link WorkerConfig#withPlugins} with Kafka's own connectors: FileStreamSource and FileStreamSink. */
    public static Path kafkasPlugins() {
        return folder().resolve("plugins");
    }

    /**
     * Waits until the worker is a member of its group and answers over REST.
     *
     * @throws AssertionError it has ended, or does not answer in time; with the end of its log
     */
    public void awaitReady() {
        try {
            Await.untilRarely("the Connect worker", LONGEST_START, () -> !process.isAlive() || rest().isHealthy());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; its log ends with:\n" + logTail(), e);
        }
        if (!process.isAlive()) {
            throw new AssertionError("the Connect worker ended at its start; its log ends with:\n" + logTail());
        }
    }

    /** Returns its REST interface. Any member of a group answers for the whole group. */
    public ConnectRest rest() {
        return new ConnectRest(URI.create("http://" + id()), login);
    }

    /** Returns a file with the login, for {@code curl -K}. Only for a guarded worker. Deleted when the worker is closed. */
    public Path curlFile() {
        return WorkerLogin.curlFile(directory);
    }

    /** Returns the worker's name in a status: address and port of its REST interface. */
    public String id() {
        return "127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL. Its group notices after {@code session.timeout.ms}. */
    public void kill() {
        process.destroyForcibly();
        ended(LONGEST_STOP_SECONDS);
    }

    /** Stops its process with SIGSTOP, which keeps its connections. Its group takes it for dead; {@link #thaw} makes it a zombie. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("kill -" + name + " " + pid() + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it with SIGTERM: it stops its tasks, commits their offsets and leaves its group. */
    public void stop() {
        process.destroy();
        if (!ended(LONGEST_STOP_SECONDS)) {
            kill();
            throw new AssertionError("the Connect worker did not stop; its log ends with:\n" + logTail());
        }
    }

    /** Starts it again, on the same port. Returns at once: see {@link #awaitReady}. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the Connect worker " + id() + " runs");
        }
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException("the Connect worker did not start again", e);
        }
    }

    /** Returns the resident memory of its process in bytes. Linux only. */
    public long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KB)
                    .findAny()
                    .orElseThrow(() -> new IOException("process " + pid() + " has no memory: it has ended"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its log, of all its starts. */
    public String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String logTail() {
        String log = log();
        return log.substring(Math.max(0, log.length() - LOG_TAIL));
    }

    private Path logFile() {
        return directory.resolve("worker.log");
    }

    @Override
    public void close() {
        kill();
        FileTree.delete(directory);
    }

    private boolean ended(long longestSeconds) {
        try {
            return process.waitFor(longestSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path folder() {
        Path folder = Path.of(Objects.requireNonNull(System.getProperty(FOLDER_PROPERTY), FOLDER_PROPERTY));
        if (!Files.isDirectory(folder.resolve("lib"))) {
            throw new IllegalStateException("no jars of a Connect worker at " + folder
                    + "; run ./mvnw -pl cdc-servers/connect-worker generate-resources");
        }
        return folder;
    }

    private List<String> command(List<String> jvmOptions) throws IOException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(jvmOptions);
        all.add("-cp");
        all.add(mainClasses() + File.pathSeparator + folder().resolve("lib") + File.separator + "*");
        all.add(WorkerMain.class.getName());
        all.add(directory.resolve("worker.properties").toString());
        return all;
    }

    /** Returns a folder with one class: the rest of our class path would be visible to all plugins. */
    private Path mainClasses() throws IOException {
        Path classes = directory.resolve("classes");
        String name = WorkerMain.class.getName().replace('.', '/') + ".class";
        Path file = classes.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (InputStream in = Objects.requireNonNull(WorkerMain.class.getResourceAsStream("/" + name))) {
            Files.copy(in, file);
        }
        return classes;
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        // glibc gives each of some threads memory of its own, and keeps it; a worker has a hundred threads
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        return builder.start();
    }
}
