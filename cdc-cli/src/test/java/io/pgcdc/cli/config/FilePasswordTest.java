package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.error.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePasswordTest {

    @TempDir
    Path directory;

    ConfigFixture fixture = new ConfigFixture(Path.of(""));

    @BeforeEach
    void setUp() {
        fixture = new ConfigFixture(directory);
    }

    private Path passFile(String name, String content, String permissions) throws IOException {
        Path file = fixture.write(name, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String yaml(String url) {
        return ConfigFixture.EXAMPLE.replace("postgresql://cdc@localhost:5432/shop", url);
    }

    private @Nullable String password(String url) {
        return fixture.load(yaml(url)).pipeline().source().address().currentPassword();
    }

    @Test
    void urlBeatsEnvironmentBeatsPassFile() throws IOException {
        passFile("home/.pgpass", "h:5432:d:u:from-file\n", "rw-------");
        assertEquals("from-file", password("postgresql://u@h/d"));
        fixture.variables.put("PGPASSWORD", "from-environment");
        assertEquals("from-environment", password("postgresql://u@h/d"));
        assertEquals("from-url", password("postgresql://u:from-url@h/d"));
    }

    @Test
    void anotherFileCanBeNamed() throws IOException {
        passFile("home/.pgpass", "*:*:*:*:home\n", "rw-------");
        passFile("home/other", "*:*:*:*:tilde\n", "rw-------");
        passFile("named", "*:*:*:*:named\n", "rw-------");
        fixture.variables.put("PGPASSFILE", "~/other");
        assertEquals("tilde", password("postgresql://u@h/d"));
        assertEquals("named", password("postgresql://u@h/d?passfile=named"));
    }

    @Test
    void aFileThatIsNotThereOrDoesNotMatchSaysNothing() throws IOException {
        assertNull(password("postgresql://u@h/d"));
        passFile("home/.pgpass", "other:*:*:*:x\n", "rw-r--r--");
        assertNull(password("postgresql://u@h/d"));
    }

    @Test
    void aFileThatOthersMayReadIsRefusedWhenItWouldBeUsed() throws IOException {
        Path file = passFile("home/.pgpass", "*:*:*:*:hunter2\n", "rw-r--r--");
        assertEquals(
                List.of(file + ": CDC-008 other users may read this password file; run chmod 0600 on it"),
                fixture.problems(yaml("postgresql://u@h/d")));
        assertEquals("p", password("postgresql://u:p@h/d"));
    }

    @Test
    void hostsWithDifferentPasswordsAreRefused() throws IOException {
        Path file = passFile("home/.pgpass", "h1:*:*:*:one\nh2:*:*:*:two\n", "rw-------");
        assertEquals(
                List.of(file + ": CDC-008 the hosts have different passwords; give each the same, or set PGPASSWORD"),
                fixture.problems(yaml("postgresql://u@h1,h2/d")));
    }

    @Test
    void theFileIsReadAgainForEachLogin() throws IOException {
        Path file = passFile("home/.pgpass", "*:*:*:*:first\n", "rw-------");
        ServerAddress address =
                fixture.load(yaml("postgresql://u@h/d")).pipeline().source().address();
        assertEquals("first", address.properties().getProperty("password"));
        passFile("home/.pgpass", "*:*:*:*:hunter2\n", "rw-------");
        assertEquals("hunter2", address.properties().getProperty("password"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(
                "CDC-138 the password for h:5432/d as u cannot be read: " + file
                        + ": other users may read this password file; run chmod 0600 on it",
                assertThrows(SourceException.class, address::properties).describe());
        Files.delete(file);
        assertNull(address.properties().getProperty("password"));
    }

    @Test
    void aReferencedFileIsReadAgainForEachLogin() throws IOException {
        Path file = fixture.write("secret", "first\n");
        fixture.variables.put("USERNAME", "u");
        ServerAddress address = fixture.load(yaml("postgresql://${env:USERNAME}:${file:secret}@h/d"))
                .pipeline()
                .source()
                .address();
        assertEquals("first", address.properties().getProperty("password"));
        fixture.write("secret", "hunter2%40\n");
        assertEquals("hunter2@", address.properties().getProperty("password"));
        fixture.write("secret", "hunter2@x:y/\n");
        String said = assertThrows(SourceException.class, address::properties).describe();
        assertTrue(said.startsWith("CDC-138 the password for h:5432/d as u cannot be read: cdc.yaml:1:"), said);
        assertFalse(said.contains("hunter2"), said);
        Files.delete(file);
        assertEquals(
                "CDC-138 the password for h:5432/d as u cannot be read: cdc.yaml:1:15: \"${file:secret}\": the file does not"
                        + " exist; create it or correct the path",
                assertThrows(SourceException.class, address::properties).describe());
    }
}
