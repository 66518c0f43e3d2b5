package io.pgcdc.cli;

import io.pgcdc.model.Position;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentKind;
import io.pgcdc.queue.SegmentReader;
import io.pgcdc.queue.SegmentStore;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.queue.disk.ChronicleSegmentStore;
import io.pgcdc.sinks.stdout.StdoutSinkProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.postgresql.Driver;
import org.slf4j.LoggerFactory;

/**
 * Run once by the launcher, to write the class-data archive. Does what every start does, as far as possible without a server, and
 * loads the other classes by name. Its output is discarded.
 */
final class ClassListing {

    private static final String CLASS = ".class";
    private static final long FILE_BYTES = 1 << 20;

    /** No server listens here. */
    private static final String NO_SERVER = "postgresql://127.0.0.1:1/x";

    private static final String CONFIG = """
            source: {url: "%s", slot: x, publications: [x]}
            queue: {dir: "%s"}
            sinks: [{name: x, type: stdout}]
            """;

    private ClassListing() {}

    public static void main(String[] arguments) throws IOException, URISyntaxException {
        for (Class<?> one : List.of(Position.class, SegmentStore.class, StdoutSinkProvider.class, Main.class)) {
            load(one, "io/pgcdc/");
        }
        load(LoggerFactory.class, "org/slf4j/");
        for (String part : List.of("core/", "copy/", "jdbc/", "replication/", "util/")) {
            load(Driver.class, "org/postgresql/" + part);
        }
        Path directory = Files.createTempDirectory("cdc-classes");
        try {
            useQueue(Files.createDirectory(directory.resolve("store")));
            Path queue = directory.resolve("queue");
            Path file = Files.writeString(directory.resolve("cdc.yaml"), CONFIG.formatted(NO_SERVER, queue));
            for (String command : List.of("config", "run")) {
                Main.execute(command, "-c", file.toString());
                Main.execute(
                        command,
                        "--source",
                        NO_SERVER,
                        "--slot",
                        "x",
                        "--publication",
                        "x",
                        "--queue-dir",
                        queue.toString(),
                        "--sink",
                        "stdout");
            }
        } finally {
            delete(directory);
        }
    }

    /** Loads the classes of one jar and package. A class that cannot be loaded needs a library that is absent, and is not used. */
    private static void load(Class<?> one, String path) throws IOException, URISyntaxException {
        Path jar =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(path) && name.endsWith(CLASS) && !name.endsWith("-info.class"))
                    .toList();
            for (String name : names) {
                try {
                    Class.forName(
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'),
                            false,
                            ClassListing.class.getClassLoader());
                } catch (ClassNotFoundException | LinkageError e) {
                    System.err.println("left out: " + name);
                }
            }
        }
    }

    private static void useQueue(Path directory) {
        SegmentBuilder segment = new SegmentBuilder();
        segment.begin();
        segment.addFrame(1, new byte[1], 0, 1);
        segment.seal(SegmentKind.TRANSACTIONS);
        try (SegmentStore store = ChronicleSegmentStore.open(directory, FILE_BYTES, SegmentStore.NONE)) {
            store.append(segment);
            store.sync();
            try (SegmentReader reader = store.reader(SegmentStore.NONE)) {
                reader.next(new SegmentView());
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
