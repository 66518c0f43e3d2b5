package io.pgcdc.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The archive of this build, and programs that tests run on it. */
final class Archive {

    /** Keeps the command from writing a class-data archive, which costs more than all else here. */
    static final Map<String, String> NO_CACHE = Map.of("CDC_CACHE_DIR", "/dev/null/x");

    private Archive() {}

    /** Returns the only file of the module's target folder that begins and ends so. */
    static Path built(Path root, String start, String end) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("cdc-dist/target"))) {
            List<Path> found = files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(start) && name.endsWith(end);
                    })
                    .toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    static Path root() {
        return Path.of(Objects.requireNonNull(System.getProperty("pgcdc.root"), "pgcdc.root"));
    }

    /** Unpacks the archive into a folder under a name of the caller's. */
    static Path unpack(Path folder, String name) throws Exception {
        Path unpacked = Files.createDirectories(folder.resolve(name));
        run(
                Map.of(),
                List.of(
                        "tar",
                        "-xzf",
                        built(root(), "pgcdc-", ".tar.gz").toString(),
                        "--force-local",
                        "--strip-components=1",
                        "-C",
                        unpacked.toString()));
        return unpacked;
    }

    /** Returns the lines of both streams of a program that must end with 0. */
    static List<String> run(Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("CDC_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), command + ": " + lines);
        return lines;
    }
}
