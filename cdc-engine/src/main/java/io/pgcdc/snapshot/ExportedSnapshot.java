package io.pgcdc.snapshot;

import io.pgcdc.address.ServerAddress;
import io.pgcdc.catalog.PublishedTables.TableFile;
import io.pgcdc.session.PinnedLogin;
import io.pgcdc.session.Quoted;
import io.pgcdc.session.SourceErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * The state of the database at the slot's consistent point, kept for readers that come later. CREATE_REPLICATION_SLOT exports it until the
 * next command on that connection; a transaction here imports it and exports it again. Starting thread.
 */
final class ExportedSnapshot implements AutoCloseable {

    private static final String TAKEN =
            "SELECT pg_catalog.pg_export_snapshot(), pg_catalog.pg_current_snapshot()::text,"
                    + " (EXTRACT(epoch FROM pg_catalog.now()) * 1000000)::bigint";

    private final Connection connection;
    private final String name;
    private final String visible;
    private final long takenMicros;

    private ExportedSnapshot(Connection connection, ResultSet row) throws SQLException {
        this.connection = connection;
        name = row.getString(1);
        visible = row.getString(2);
        takenMicros = row.getLong(3);
    }

    /**
     * Imports the snapshot that a new slot exported, and exports it again.
     *
     * @param answerMs limit of each answer in ms
     * @throws io.pgcdc.error.SourceException the server is not reachable, or the snapshot is gone
     */
    static ExportedSnapshot keep(ServerAddress host, String exported, int answerMs) {
        Properties properties = new Properties();
        properties.putAll(host.properties());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true); // it is silent while the readers work
        Connection connection = PinnedLogin.connect(
                host.jdbcUrl(), properties, host.describe(), answerMs, ServerChunkSource.SETTINGS, SourceErrors.LOGIN);
        try (Statement statement = connection.createStatement()) {
            statement.execute(importing(exported));
            try (ResultSet row = statement.executeQuery(TAKEN)) {
                row.next();
                return new ExportedSnapshot(connection, row);
            }
        } catch (SQLException e) {
            PinnedLogin.closeQuietly(connection);
            throw SnapshotErrors.importing(e, host.describe());
        }
    }

    /** Returns the statements that begin a transaction with a snapshot. */
    static String importing(String snapshot) {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT " + Quoted.literal(snapshot);
    }

    /**
     * Returns true if a file of the table is another one than in the kept state: the table was rewritten since, and may show no rows to it.
     *
     * @throws io.pgcdc.error.SourceException the connection is lost
     */
    boolean isRewritten(SnapshotTable table) {
        try (Statement statement = connection.createStatement()) {
            for (TableFile file : table.files()) {
                // a query of the catalog sees it as it was, pg_relation_filenode() as it is
                try (ResultSet row = statement.executeQuery(
                        "SELECT CAST(relfilenode AS bigint) FROM pg_catalog.pg_class WHERE oid = "
                                + Integer.toUnsignedString(file.oid()))) {
                    if (!row.next() || row.getLong(1) != file.filenode()) {
                        return true;
                    }
                }
            }
            return false;
        } catch (SQLException e) {
            throw SourceErrors.statement(e, "reading the files of " + table.name());
        }
    }

    /** Returns the name to import. */
    String name() {
        return name;
    }

    /** Returns which transactions it shows, as pg_current_snapshot prints it. A reader compares. */
    String visible() {
        return visible;
    }

    /** Returns when it was imported, in microseconds since 1970 UTC. */
    long takenMicros() {
        return takenMicros;
    }

    @Override
    public void close() {
        PinnedLogin.closeQuietly(connection);
    }
}
