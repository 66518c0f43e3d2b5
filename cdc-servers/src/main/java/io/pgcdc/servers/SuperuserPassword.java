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
 * The password of the superuser of all servers that this JVM starts: other users of the machine reach their ports, too. It stands in files
 * that our user alone can read, since others see the arguments of processes; the files go with the JVM.
 */
final class SuperuserPassword {

    /** Where pgjdbc looks for passwords that a URL does not have. */
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
            Path directory = Files.createTempDirectory("pgcdc-secret-"); // its owner's alone
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

    /** With what a server keeps of it, as {@code initdb --pwfile} takes it. */
    Path verifierFile() {
        return verifierFile;
    }

    /** As libpq reads it. */
    Path passFile() {
        return passFile;
    }
}
