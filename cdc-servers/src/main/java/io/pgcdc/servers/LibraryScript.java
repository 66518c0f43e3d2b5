package io.pgcdc.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the script by which the library, once in a JVM, learns the name of the Linux distribution: it leaves it in the temporary directory. */
final class LibraryScript {

    private static final Logger LOG = LoggerFactory.getLogger(LibraryScript.class);

    private static final String CLASS = "io.zonky.test.db.postgres.util.LinuxUtils";
    private static final String PREFIX = "detect_linux_distribution_";

    static {
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            List<Path> before = scripts(temporary);
            Class.forName(CLASS); // runs it
            List<Path> made = new ArrayList<>(scripts(temporary));
            made.removeAll(before);
            if (made.size() == 1) { // else another process starts at the same time, and which is ours is not known
                Files.deleteIfExists(made.get(0));
            }
        } catch (IOException | ClassNotFoundException e) {
            LOG.debug("a script may be left in the temporary directory", e);
        }
    }

    private LibraryScript() {}

    /** Has it run, the first time. */
    static void runOnce() {
        // the class's initialization does
    }

    private static List<Path> scripts(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX))
                    .toList();
        }
    }
}
