package io.pgcdc.source;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.catalog.RelationCatalog;
import io.pgcdc.catalog.RelationFacts;
import io.pgcdc.catalog.TableHistory;
import io.pgcdc.catalog.TypeCatalog;
import io.pgcdc.model.PgType;
import io.pgcdc.model.SeenTransactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the catalog. Capture thread. */
final class CatalogQuestions implements TableQuestions {

    private static final CatalogConnection.Question<SeenTransactions> SNAPSHOT = connection -> {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_snapshot()::text")) {
            row.next();
            return SeenTransactions.parse(row.getString(1));
        }
    };

    private final CatalogConnection catalog;
    private final String slot;
    private final List<String> publications;

    CatalogQuestions(CatalogConnection catalog, String slot, List<String> publications) {
        this.catalog = catalog;
        this.slot = slot;
        this.publications = publications;
    }

    @Override
    public SeenTransactions seen() {
        return catalog.ask("reading what is visible", SNAPSHOT);
    }

    @Override
    public boolean commitsWaitForStream() {
        return catalog.ask("asking whom commits wait for", this::isSynchronous);
    }

    private boolean isSynchronous(Connection connection) throws SQLException {
        String sql =
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_replication r JOIN pg_catalog.pg_replication_slots s"
                        + " ON s.active_pid = r.pid WHERE s.slot_name = ? AND r.sync_state IN ('sync', 'quorum'))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    @Override
    public Map<Integer, PgType> types(String table, List<Integer> oids) {
        return catalog.ask("reading the types of " + table, connection -> new TypeCatalog(connection).load(oids));
    }

    @Override
    public RelationFacts facts(String table, int oid) {
        return catalog.ask(
                "reading the keys of " + table, connection -> RelationCatalog.read(connection, oid, publications));
    }

    @Override
    public boolean partitionsSendKeys(String table, int oid) {
        return catalog.ask(
                "reading the partitions of " + table,
                connection -> RelationCatalog.partitionsSendKeys(connection, oid));
    }

    @Override
    public Optional<TableHistory> history(String table, int oid) {
        return catalog.ask("reading the columns of " + table, connection -> TableHistory.read(connection, oid));
    }

    @Override
    public String where() {
        return catalog.where();
    }
}
