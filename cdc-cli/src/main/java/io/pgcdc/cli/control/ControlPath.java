package io.pgcdc.cli.control;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Where the control socket of a queue is: {@code control/socket} in the queue's directory. A path of a socket has at most 107 bytes, so a queue
 * whose path is longer has it in the runtime directory, under a name made from the queue's path.
 */
final class ControlPath {

    private static final int LONGEST = 107;
    private static final String UID = "unix:uid";
    private static final Integer ROOT = 0;

    private ControlPath() {}

    /** Returns the path of the socket. Creates nothing. */
    static Path of(Path queue) {
        Path directory = absolute(queue);
        Path inQueue = directory.resolve("control").resolve("socket");
        if (fits(inQueue)) {
            return inQueue;
        }
        String name = UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        return runtime().resolve(name).resolve("socket");
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    /** Returns the same path for each way to write it. */
    private static Path absolute(Path queue) {
        try {
            return Files.exists(queue)
                    ? queue.toRealPath()
                    : queue.toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path runtime() {
        String given = System.getenv("XDG_RUNTIME_DIR");
        return given == null || given.isEmpty()
                ? Path.of(System.getProperty("java.io.tmpdir"), "pgcdc-" + System.getProperty("user.name"))
                : Path.of(given, "pgcdc");
    }

    /**
     * Creates the socket's directory for this user only.
     *
     * @throws ConfigException MACHINE_DIRECTORY_UNSAFE: it belongs to another user, or others may use it
     */
    static void createDirectory(Path socket) throws IOException {
        Path directory = socket.resolveSibling("");
        Path parent = directory.resolveSibling("");
        if (!Files.isDirectory(parent)) {
            createPrivate(parent);
        }
        if (!Files.isDirectory(directory)) {
            createPrivate(directory);
        }
        requirePrivate(directory);
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Without this, another user could have made the directory, with a socket that hears our requests. */
    static void requirePrivate(Path directory) throws IOException {
        Object owner = Files.getAttribute(directory, UID, LinkOption.NOFOLLOW_LINKS);
        Object self = Files.getAttribute(Path.of("/proc/self"), UID);
        boolean ours = owner.equals(self) || self.equals(ROOT);
        String permissions =
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
        if (!ours || !permissions.endsWith("------")) {
            throw new ConfigException(
                    ErrorCode.MACHINE_DIRECTORY_UNSAFE,
                    "other users could use the control socket's directory " + directory + ". Remove it: rm -r "
                            + directory);
        }
    }
}
