package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.address.ServerUrl;
import io.pgcdc.catalog.PublishedTables;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.EachPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The state of the database that a slot began with, kept. */
class ExportedSnapshotTest {

    @EachPostgres
    void itTellsWhichTablesWereRewrittenSince(int version) throws SQLException {
        PgServer server = PgServer.shared(version);
        String database = server.createDatabase("kept");
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                Connection exporting = server.connect(database)) {
            statement.execute("CREATE TABLE same (id int PRIMARY KEY); CREATE TABLE rewritten (id int PRIMARY KEY)");
            statement.execute("INSERT INTO rewritten VALUES (1)");
            ServerAddress host = ServerUrl.parse(server.url(database), Map.of(), "postgres");
            exporting.setAutoCommit(false);
            exporting.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (ExportedSnapshot kept = ExportedSnapshot.keep(host, exported(exporting), 10_000)) {
                // its rows get new versions, which the kept state does not show
                statement.execute("ALTER TABLE rewritten ALTER id TYPE bigint");
                assertFalse(kept.isRewritten(table(connection, "same")));
                assertTrue(kept.isRewritten(table(connection, "rewritten")));
            }
            SourceException gone = assertThrows(
                    SourceException.class, () -> ExportedSnapshot.keep(host, "00000000-00000001-1", 10_000));
            assertEquals(ErrorCode.SNAPSHOT_GONE, gone.code());
        } finally {
            server.dropDatabase(database);
        }
    }

    private static String exported(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static SnapshotTable table(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT '" + name + "'::regclass::oid::bigint")) {
            row.next();
            int oid = (int) row.getLong(1);
            return TestTables.table(TestTables.table(oid, name, 1).layout(), PublishedTables.files(connection, oid));
        }
    }
}
