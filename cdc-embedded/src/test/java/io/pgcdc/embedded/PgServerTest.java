package io.pgcdc.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        }
    }
}
