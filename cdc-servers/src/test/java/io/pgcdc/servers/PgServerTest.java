package io.pgcdc.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgServerTest {

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void startsTheVersionAskedForWithLogicalWal(int version) throws Exception {
        try (PgServer server = PgServer.start(version);
                var connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT version(), current_setting('wal_level')")) {
            assertTrue(row.next());
            assertTrue(row.getString(1).startsWith("PostgreSQL " + version + "."), row.getString(1));
            assertEquals("logical", row.getString(2));
            assertRefused(server, "");
            assertRefused(server, "guess");
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.dataDirectory())));
            assertFalse(Files.exists(Path.of("/tmp/.s.PGSQL." + server.port())), "no socket where all may go");
        }
    }

    /** Whoever is on this machine reaches the port. */
    private static void assertRefused(PgServer server, String password) {
        String url = "jdbc:postgresql://localhost:" + server.port() + "/postgres";
        SQLException refused = assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection(url, PgServer.SUPERUSER, password)
                        .close());
        assertEquals(password.isEmpty() ? "08004" : "28P01", refused.getSQLState(), refused.getMessage());
    }

    @Test
    void thePasswordIsInFilesThatTheOwnerAloneCanRead() throws Exception {
        Path file = PgServer.passFile();
        assertTrue(Files.readString(file).contains(PgServer.password()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(Objects.requireNonNull(file.getParent()))));
    }
}
