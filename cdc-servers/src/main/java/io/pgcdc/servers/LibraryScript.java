package io.pgcdc.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Removes the script by which the library, once in a JVM, learns the name of the Linux distribution: it leaves it in the temporary directory. */
final class LibraryScript {

    private static final String CLASS = "io.zonky.test.db.postgres.util.LinuxUtils";
    private static final String PREFIX = "detect_linux_distribution_";

    static {
        removeAfter(() -> {
            try {
                Class.forName(CLASS);
            } catch (ClassNotFoundException | LinkageError e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private LibraryScript() {}

    /** Has it run, the first time. */
    static void runOnce() {
        // the class's initialization does
    }

    private static void removeAfter(Runnable run) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", File.separator + "tmp"));
        Set<Path> before = new HashSet<>(scripts(temporary));
        run.run();
        List<Path> made = scripts(temporary).stream()
                .filter(path -> !before.contains(path))
                .toList();
        if (made.size() != 1) {
            return; // another process starts at the same time: which is ours is not known
        }
        try {
            Files.deleteIfExists(made.get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> scripts(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
