package io.pgcdc.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker (KRaft, one node) in a separate process, so that it can be killed and has its own heap. It uses free ports of
 * the loopback address. All users of the machine can reach it, unless it is {@linkplain #startGuarded guarded}. Its directory is
 * deleted when it is closed. For one thread.
 */
public final class KafkaBroker implements AutoCloseable {

    /** Options of a JVM that starts quickly, for tests. To verify the code of Kafka's jars is a fifth of a start's CPU time. */
    private static final List<String> QUICK = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private static final class Shared {
        private static final KafkaBroker BROKER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "stop-kafka"));
        }
    }

    private final Path directory;
    private final int port;
    private final List<String> options;
    private @Nullable BrokerLogin login;
    private Process process;

    private KafkaBroker(Path directory, int port, List<String> options) throws IOException {
        this.directory = directory;
        this.port = port;
        this.options = options;
        process = launch(directory, options);
    }

    public static KafkaBroker start() {
        return start(Map.of());
    }

    /** Starts a broker that requires a password, which {@link #clientProperties} and {@link #nativeClientFile} contain. */
    public static KafkaBroker startGuarded() {
        BrokerLogin login = new BrokerLogin(PgServer.password());
        KafkaBroker broker = start(login.brokerProperties());
        broker.login = login;
        return broker;
    }

    /** Starts a broker with these properties in addition to ours. It creates no topics automatically. */
    public static KafkaBroker start(Map<String, String> properties) {
        return start(properties, port -> port);
    }

    /**
     * Starts a broker that clients reach through another port.
     *
     * @param advertised returns, for the broker's port, the port that it tells clients
     */
    public static KafkaBroker start(Map<String, String> properties, IntUnaryOperator advertised) {
        return start(properties, advertised, QUICK);
    }

    /** Starts a broker for long runs, with the JVM options that its users give. */
    public static KafkaBroker start(Map<String, String> properties, List<String> options) {
        return start(properties, port -> port, options);
    }

    private static KafkaBroker start(
            Map<String, String> properties, IntUnaryOperator advertised, List<String> options) {
        try {
            Path directory = Files.createTempDirectory("pgcdc-kafka-");
            try {
                return new KafkaBroker(directory, configure(directory, properties, advertised), options);
            } catch (IOException e) {
                FileTree.delete(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka did not start", e);
        }
    }

    /** Returns the broker that all tests of a JVM share, stopped when the JVM ends. Its users create their own topics. */
    public static KafkaBroker shared() {
        return Shared.BROKER;
    }

    public int port() {
        return port;
    }

    /** Returns the process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns the directory with a folder for each partition. */
    public Path logDirectory() {
        return directory.resolve("logs");
    }

    /** Returns the value of {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Returns the properties of a Java client. */
    public Map<String, String> clientProperties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrapServers());
        if (login != null) {
            properties.putAll(login.clientProperties());
        }
        return properties;
    }

    /** Returns a file with the properties of kcat ({@code -F}) for a guarded broker. Deleted when the broker is closed. */
    public Path nativeClientFile() {
        BrokerLogin known = login;
        if (known == null) {
            throw new IllegalStateException("the broker asks for no password");
        }
        try {
            return Files.write(directory.resolve("kcat.conf"), known.nativeClientLines(bootstrapServers()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the broker with SIGKILL. Data that is not in its files is lost. */
    public void kill() {
        process.destroyForcibly();
        ended();
    }

    /** Stops the broker: it leaves, and its files are complete. Then {@link #restart} is quick, because nothing is recovered. */
    public void stop() {
        try {
            process.getOutputStream().close(); // it ends with its input
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ended();
    }

    /** Starts it again after {@link #kill} or {@link #stop}, on the same port and with the same files. */
    public void restart() {
        try {
            process = launch(directory, options);
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka did not start again", e);
        }
    }

    @Override
    public void close() {
        kill();
        FileTree.delete(directory);
    }

    private void ended() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the broker's port. */
    private static int configure(Path directory, Map<String, String> more, IntUnaryOperator advertised)
            throws IOException {
        int broker;
        int controller;
        // both are open at the same time, so that they differ
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            broker = first.getLocalPort();
            controller = second.getLocalPort();
        }
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + advertised.applyAsInt(broker));
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
        properties.setProperty("log.dirs", directory.resolve("logs").toString());
        properties.setProperty("auto.create.topics.enable", "false");
        // tests choose the times of records: no record is too old
        properties.setProperty("log.retention.ms", "-1");
        // a killed broker may register again when its session has ended
        properties.setProperty("broker.session.timeout.ms", "1500");
        properties.setProperty("broker.heartbeat.interval.ms", "300");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        // a group may notice a killed member sooner than after 6 s
        properties.setProperty("group.min.session.timeout.ms", "500");
        for (String internal : List.of("offsets.topic", "transaction.state.log")) {
            properties.setProperty(internal + ".replication.factor", "1");
            properties.setProperty(internal + ".num.partitions", "1");
        }
        properties.setProperty("transaction.state.log.min.isr", "1");
        // a transaction whose time is over is ended soon, not after 10 s
        properties.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // the controller of an idle broker writes nothing, instead of a record each 0.5 s
        properties.setProperty("metadata.max.idle.interval.ms", "0");
        // compaction of small topics needs no 128 MB, which a start would fill with zeros
        properties.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        more.forEach(properties::setProperty);
        try (var writer = Files.newBufferedWriter(directory.resolve("server.properties"))) {
            properties.store(writer, null);
        }
        return broker;
    }

    private static Process launch(Path directory, List<String> options) throws IOException {
        Path log = directory.resolve("broker.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.resolve("server.properties").toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // the pipe stays open: nothing else is written to it
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (!BrokerMain.READY.equals(line)) {
            process.destroyForcibly().onExit().join(); // its files can then be removed
            throw new IOException(
                    "its process " + (line == null ? "ended" : "said " + line) + "\n" + Files.readString(log));
        }
        return process;
    }
}
