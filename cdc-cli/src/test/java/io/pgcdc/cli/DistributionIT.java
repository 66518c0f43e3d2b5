package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the packaged command has on its class path. */
class DistributionIT {

    private static final Path LIB = Path.of(System.getProperty("pgcdc.root"), "cdc-cli/target/dist/lib");

    /** Programs of a PostgreSQL server, who starts them, and Kafka's broker; none of its client. */
    private static final Pattern SERVER = Pattern.compile(
            "postgres-.*\\.txz|io/zonky/.*|io/pgcdc/servers/.*|io/pgcdc/demo/.*|kafka/Kafka\\.class|kafka/server/.*|scala/.*");

    @Test
    void thereIsNoServer() throws IOException {
        Map<String, String> found = new TreeMap<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(LIB)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> SERVER.matcher(name).matches())
                        .forEach(name -> found.putIfAbsent(jar.getFileName().toString(), name));
            }
        }
        assertTrue(jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("kafka-clients-")));
        assertEquals(Map.of(), found);
    }
}
