package io.pgcdc.sinks.kafka.readers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** A real worker of Kafka Connect beside the JVM, with one connector of the plugins that the build has unpacked. One thread. */
final class ConnectWorker implements AutoCloseable {

    private static final String NAME = "reader";

    private final Process process;
    private final Path log;
    private final URI status;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Starts it; the connector runs some time later.
     *
     * @param directory for its files
     * @param worker on top of what any worker needs
     * @param connector without its name
     */
    ConnectWorker(Path directory, String bootstrapServers, Map<String, String> worker, Map<String, String> connector) {
        log = directory.resolve("connect.log");
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            status = URI.create("http://127.0.0.1:" + port + "/connectors/" + NAME + "/status");
            Properties ofWorker = new Properties();
            ofWorker.putAll(Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "listeners",
                    "http://127.0.0.1:" + port,
                    "plugin.path",
                    System.getProperty("pgcdc.connect.plugins"),
                    "plugin.discovery",
                    "service_load",
                    "offset.storage.file.filename",
                    directory.resolve("offsets").toString()));
            ofWorker.putAll(worker);
            Properties ofConnector = new Properties();
            ofConnector.put("name", NAME);
            ofConnector.putAll(connector);
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-cp",
                            classPath(),
                            WorkerMain.class.getName(),
                            stored(ofWorker, directory.resolve("worker.properties")),
                            stored(ofConnector, directory.resolve("connector.properties")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka Connect did not start", e);
        }
    }

    /** @throws IllegalStateException when the worker has ended, or its connector or task has; with what it said */
    void check() {
        try {
            if (!process.isAlive()) {
                throw new IllegalStateException("Kafka Connect has ended: " + Files.readString(log));
            }
            String answer = http.send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString())
                    .body();
            if (answer.contains("FAILED")) {
                throw new IllegalStateException("the connector has failed: " + answer);
            }
        } catch (ConnectException e) {
            // it is not up yet
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it warned of. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without connectors: those are plugins. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !path.contains("debezium"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String stored(Properties properties, Path file) throws IOException {
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file.toString();
    }
}
