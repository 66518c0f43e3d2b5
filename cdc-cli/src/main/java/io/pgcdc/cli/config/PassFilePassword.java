package io.pgcdc.cli.config;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.HostPort;
import io.pgcdc.address.PassFile;
import io.pgcdc.address.Password;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.setting.Place;
import io.pgcdc.setting.Problem;
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
 * The password that neither URL nor environment gave, from the password file: {@code ~/.pgpass}, unless another one is configured. Reads the
 * file again for each login. Any thread.
 */
record PassFilePassword(Environment environment) implements Password {

    private static final Set<PosixFilePermission> FORBIDDEN = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private static final int MAX_BYTES = 1_048_576;

    /**
     * Returns the address with this password. Reads the file a first time, so that a problem is told at once. Like in libpq, a missing file is
     * no error.
     */
    static ServerAddress addTo(ServerAddress address, Environment environment, Problems problems) {
        PassFilePassword password = new PassFilePassword(environment);
        String unused = password.find(address, problems);
        return address.with(password);
    }

    @Override
    public @Nullable String ask(ServerAddress server) {
        Problems problems = new Problems();
        String password = find(server, problems);
        throwIfAny(problems, server);
        return password;
    }

    /** @throws SourceException PASSWORD_UNAVAILABLE if there are problems */
    static void throwIfAny(Problems problems, ServerAddress server) {
        if (problems.count() > 0) {
            Problem first = problems.list().get(0);
            throw new SourceException(
                    ErrorCode.PASSWORD_UNAVAILABLE,
                    "the password for " + server.describe() + " cannot be read: "
                            + first.origin().where() + ": " + first.message());
        }
    }

    @Override
    public boolean mayChange() {
        return true;
    }

    @Override
    public boolean inUri() {
        return false;
    }

    /** The environment may hold secrets. */
    @Override
    public String toString() {
        return "password file";
    }

    private @Nullable String find(ServerAddress address, Problems problems) {
        String named = address.parameters().get(ConnectionParameter.PASSFILE);
        try {
            Path path = named == null ? environment.home().resolve(".pgpass") : path(named);
            if (!Files.isRegularFile(path)) {
                return null;
            }
            String password = password(path, address, problems);
            return password == null || !permitted(path, problems) ? null : password;
        } catch (InvalidPathException e) {
            problem(problems, String.valueOf(named), "not a path; correct passfile");
        } catch (IOException e) {
            problem(
                    problems,
                    named == null ? "~/.pgpass" : named,
                    "the password file cannot be read; give this user read permission");
        }
        return null;
    }

    private Path path(String named) {
        return named.startsWith("~/")
                ? environment.home().resolve(named.substring(2))
                : environment.directory().resolve(named);
    }

    private static @Nullable String password(Path path, ServerAddress address, Problems problems) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            problem(problems, path.toString(), "larger than " + MAX_BYTES + " bytes; this cannot be a password file");
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
            problem(
                    problems,
                    path.toString(),
                    "the hosts have different passwords; give each the same, or set PGPASSWORD");
            return null;
        }
        return passwords.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** Returns whether the file's permissions are safe. Reports only a file whose password would be used. */
    private static boolean permitted(Path path, Problems problems) throws IOException {
        Set<PosixFilePermission> open;
        try {
            open = new HashSet<>(Files.getPosixFilePermissions(path));
        } catch (UnsupportedOperationException e) {
            return true; // a file system without such permissions
        }
        open.retainAll(FORBIDDEN);
        if (!open.isEmpty()) {
            problem(problems, path.toString(), "other users may read this password file; run chmod 0600 on it");
        }
        return open.isEmpty();
    }

    private static void problem(Problems problems, String file, String message) {
        problems.add(ErrorCode.CONFIG_SOURCE_URL, Place.file(file, 0, 0), message);
    }
}
