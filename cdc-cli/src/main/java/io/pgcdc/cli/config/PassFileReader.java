package io.pgcdc.cli.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.HostPort;
import io.pgcdc.address.PassFile;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a password that neither URL nor environment gave, in the password file: {@code ~/.pgpass}, unless another one is
 * configured.
 */
final class PassFileReader {

    private static final Set<PosixFilePermission> FORBIDDEN = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private static final int MAX_BYTES = 1_048_576;

    private final Environment environment;
    private final Problems problems;

    PassFileReader(Environment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * Returns the address with a password from the file. Unchanged if it has one, or the file has none for it. Like in libpq, a
     * missing file is no error.
     */
    ServerAddress withPassword(ServerAddress address) {
        if (address.password() != null) {
            return address;
        }
        String named = address.parameters().get(ConnectionParameter.PASSFILE);
        try {
            Path path = named == null ? environment.home().resolve(".pgpass") : path(named);
            if (!Files.isRegularFile(path)) {
                return address;
            }
            String password = password(path, address);
            return password == null || !permitted(path) ? address : address.withPassword(password);
        } catch (InvalidPathException e) {
            problem(String.valueOf(named), "not a path; correct passfile");
        } catch (IOException e) {
            problem(
                    named == null ? "~/.pgpass" : named,
                    "the password file cannot be read; give this user read permission");
        }
        return address;
    }

    private Path path(String named) {
        return named.startsWith("~/")
                ? environment.home().resolve(named.substring(2))
                : environment.directory().resolve(named);
    }

    private @Nullable String password(Path path, ServerAddress address) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            problem(path.toString(), "larger than " + MAX_BYTES + " bytes; this cannot be a password file");
            return null;
        }
        // like in libpq, other bytes in the file that are not UTF-8 are harmless
        List<String> lines = new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList();
        PassFile file = new PassFile(lines);
        Set<@Nullable String> passwords = new HashSet<>();
        for (HostPort server : address.hosts()) {
            passwords.add(file.find(server, address.database(), address.user()));
        }
        if (passwords.size() > 1) {
            problem(path.toString(), "the hosts have different passwords; give each the same, or set PGPASSWORD");
            return null;
        }
        return passwords.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** Returns whether the file's permissions are safe. Reports only a file whose password would be used. */
    private boolean permitted(Path path) throws IOException {
        Set<PosixFilePermission> open;
        try {
            open = new HashSet<>(Files.getPosixFilePermissions(path));
        } catch (UnsupportedOperationException e) {
            return true; // a file system without such permissions
        }
        open.retainAll(FORBIDDEN);
        if (!open.isEmpty()) {
            problem(path.toString(), "other users may read this password file; run chmod 0600 on it");
        }
        return open.isEmpty();
    }

    private void problem(String file, String message) {
        problems.add(ErrorCode.CONFIG_SOURCE_URL, Place.file(file, 0, 0), message);
    }
}
