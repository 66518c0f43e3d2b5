package io.pgcdc.sinks.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Apicurio Registry beside the JVM, in memory, with its interface that is Confluent's; compatibility BACKWARD, Confluent's default. */
final class ApicurioRegistry {

    private static final class Shared {
        private static final ApicurioRegistry REGISTRY = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(REGISTRY.process::destroyForcibly, "stop-registry"));
        }
    }

    private static final String PATH = "/apis/ccompat/v7";

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private ApicurioRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** One for all the tests of a JVM, stopped when it ends. Its users make subjects of their own. */
    static ApicurioRegistry shared() {
        return Shared.REGISTRY;
    }

    private static ApicurioRegistry start() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx300m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dquarkus.http.host=127.0.0.1",
                            "-Dquarkus.http.port=" + port,
                            "-jar",
                            jar().toString())
                    .redirectErrorStream(true)
                    .start();
            awaitListening(process);
            ApicurioRegistry registry = new ApicurioRegistry(process, port);
            registry.compatibility("BACKWARD");
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException("the schema registry did not start", e);
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("pgcdc.apicurio")))) {
            return files.filter(f ->
                            f.toString().endsWith("run.jar") || f.toString().endsWith("runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void awaitListening(Process process) throws IOException {
        StringBuilder log = new StringBuilder();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            log.append(line).append('\n');
            if (line.contains("Listening on: ")) {
                Thread rest = new Thread(() -> output.lines().forEach(l -> {}), "registry-log");
                rest.setDaemon(true);
                rest.start();
                return;
            }
        }
        throw new IOException("it ended: " + log);
    }

    int port() {
        return port;
    }

    String url() {
        return url(port);
    }

    /** As it is reached by another port. */
    static String url(int port) {
        return "http://127.0.0.1:" + port + PATH;
    }

    /** Of subjects that do not say otherwise. */
    private void compatibility(String level) {
        ask("PUT", "/config", "{\"compatibility\":\"" + level + "\"}");
    }

    /** What it says to a request that it accepts. */
    String ask(String method, String path, String body) {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                            .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Numbers of the versions that a subject has. */
    List<String> versions(String subject) {
        return List.of(ask("GET", "/subjects/" + subject + "/versions", "")
                .replaceAll("[\\[\\] ]", "")
                .split(","));
    }
}
