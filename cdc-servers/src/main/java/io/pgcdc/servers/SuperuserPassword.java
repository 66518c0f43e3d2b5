package io.pgcdc.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * The password of the superuser of all servers that this JVM starts, because other users of the machine reach their ports. It is in
 * files that only the current user can read, since others see the arguments of processes. The files are deleted when the JVM ends.
 */
final class SuperuserPassword {

    /** The property with which pgjdbc finds a password that is not in the URL. */
    private static final String JDBC_PASS_FILE = "org.postgresql.pgpassfile";

    private static final int BYTES = 24;

    private static final class Shared {
        private static final SuperuserPassword PASSWORD = new SuperuserPassword();
    }

    private final String text;
    private final Path verifierFile;
    private final Path passFile;
    private final List<Path> made;

    private SuperuserPassword() {
        byte[] random = new byte[BYTES];
        byte[] salt = new byte[BYTES];
        SecureRandom source = new SecureRandom();
        source.nextBytes(random);
        source.nextBytes(salt);
        text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            Path directory = Files.createTempDirectory("pgcdc-secret-"); // only its owner can read it
            verifierFile = write(directory.resolve("verifier"), ScramVerifier.of(text, salt));
            passFile = write(directory.resolve("pgpass"), "*:*:*:" + PgServer.SUPERUSER + ":" + text);
            made = List.of(verifierFile, passFile, directory);
            List<Path> all = made;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(all), "forget-password"));
        } catch (IOException e) {
            throw new UncheckedIOException("the superuser's password cannot be written", e);
        }
        if (System.getProperty(JDBC_PASS_FILE) == null) {
            System.setProperty(JDBC_PASS_FILE, passFile.toString());
        }
    }

    static SuperuserPassword shared() {
        return Shared.PASSWORD;
    }

    private static Path write(Path file, String line) throws IOException {
        FileAttribute<Set<PosixFilePermission>> ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return Files.writeString(Files.createFile(file, ownerOnly), line + "\n");
    }

    private static void delete(List<Path> made) {
        try {
            for (Path path : made) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteFiles() {
        delete(made);
    }

    String text() {
        return text;
    }

    /** Returns the file with the server's form of it, for {@code initdb --pwfile}. */
    Path verifierFile() {
        return verifierFile;
    }

    /** Returns the file in libpq's form. */
    Path passFile() {
        return passFile;
    }
}
