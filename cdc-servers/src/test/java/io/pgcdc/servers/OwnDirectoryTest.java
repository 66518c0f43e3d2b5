package io.pgcdc.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which directories may hold programs that we run. */
class OwnDirectoryTest {

    private static final int STRANGER = 61_234;

    @TempDir
    Path directory;

    private Path made(String name, String permissions) throws IOException {
        Path path = Files.createDirectory(directory.resolve(name));
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String refused(Path path) {
        UnsafeDirectoryException e = assertThrows(UnsafeDirectoryException.class, () -> OwnDirectory.require(path));
        assertTrue(String.valueOf(e.getMessage()).startsWith("directory " + path + " "), e.getMessage());
        return String.valueOf(e.getMessage());
    }

    @Test
    void oneThatIsMissingIsMadeForItsOwnerAlone() throws IOException {
        Path made = OwnDirectory.require(directory.resolve("a/b"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))));
        assertEquals(made, OwnDirectory.require(made), "and taken the next time");
    }

    @ParameterizedTest
    @CsvSource({
        "rwx------, true",
        "rwxr-x---, false",
        "rwx-----x, false",
        "rwxrwx---, false",
        "rwx--x-w-, false",
        "rwxrwxrwx, false",
    })
    void oneThatOthersCanEnterIsRefused(String permissions, boolean accepted) throws IOException {
        Path path = made("cache", permissions);
        if (accepted) {
            assertEquals(path, OwnDirectory.require(path));
        } else {
            assertTrue(refused(path).contains("is open for other users"));
        }
    }

    @Test
    void aSymbolicLinkIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), made("elsewhere", "rwx------"));
        assertTrue(refused(link).contains("symbolic link"));
    }

    @Test
    void oneBelowWhatOthersCanWriteIsRefused() throws IOException {
        made("open", "rwxrwxrwx");
        Path path = made("open/cache", "rwx------");
        assertTrue(refused(path).contains("can be replaced by other users"));
    }

    @Test
    void anotherUsersIsRefused() throws IOException {
        Path path = made("cache", "rwx------");
        Path parent = made("theirs", "rwxr-xr-x");
        Path below = made("theirs/cache", "rwx------");
        assumeTrue(give(path) && give(parent), "only root can give a directory away");
        assertTrue(refused(path).contains("another user (uid " + STRANGER + ")"));
        assertTrue(refused(below).contains("can be replaced by other users"));
    }

    private static boolean give(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", STRANGER);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/x/cache, /h, /x/cache/pgcdc",
        ", /h, /h/.cache/pgcdc",
        "relative, /h, /h/.cache/pgcdc",
        ", , /account/.cache/pgcdc",
        ", relative, /account/.cache/pgcdc",
    })
    void theCacheIsInTheUsersHome(@Nullable String xdg, @Nullable String home, String expected) {
        Map<String, String> environment = new HashMap<>();
        if (xdg != null) {
            environment.put("XDG_CACHE_HOME", xdg);
        }
        if (home != null) {
            environment.put("HOME", home);
        }
        assertEquals(Path.of(expected), OwnDirectory.cache(environment, "/account"));
    }
}
