package io.pgcdc.testkit.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Processes for which a read-only folder is read-only, also if the superuser runs the test. */
public final class Unprivileged {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private Unprivileged() {}

    /**
     * Returns what a command line begins with, so that the process has no more than the rights of files. Skips the test if the superuser
     * runs it where {@code setpriv} of util-linux is missing.
     */
    public static List<String> command() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        assumeTrue(Files.isExecutable(SETPRIV), SETPRIV + " is missing: the superuser may write anywhere");
        return List.of(SETPRIV.toString(), "--bounding-set=-all", "--inh-caps=-all");
    }

    /** Takes the right to write a folder, and all in it, from everyone. */
    public static void readOnly(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
            }
        }
    }
}
