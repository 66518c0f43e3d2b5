package io.pgcdc.servers.connect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * User and password of a worker's REST interface, because other users of the machine reach its port (Kafka's extension for HTTP basic
 * authentication). Immutable.
 */
record WorkerLogin(String password) {

    private static final String USER = "demo";
    private static final String PACKAGE = "org.apache.kafka.connect.rest.basic.auth.extension.";
    private static final String MODULES = "login.conf";

    /** Returns the properties of the worker. */
    Map<String, String> workerProperties() {
        return Map.of("rest.extension.classes", PACKAGE + "BasicAuthSecurityRestExtension");
    }

    /** Returns an option of the worker's JVM. */
    String jvmOption(Path directory) {
        return "-Djava.security.auth.login.config=" + directory.resolve(MODULES);
    }

    /** Writes the files that the worker reads, and {@link #curlFile}. */
    void write(Path directory) throws IOException {
        Path users = Files.write(directory.resolve("users.properties"), List.of(USER + "=" + password));
        Files.write(
                directory.resolve(MODULES),
                List.of("KafkaConnect { " + PACKAGE + "PropertyFileLoginModule required file=\"" + users + "\"; };"));
        Files.write(curlFile(directory), List.of("user = \"" + USER + ":" + password + "\""));
    }

    /** Returns a file for {@code curl -K}. */
    static Path curlFile(Path directory) {
        return directory.resolve("curl.conf");
    }

    /** Returns the value of the header {@code Authorization}. */
    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
