package io.pgcdc.snapshot;

import io.pgcdc.catalog.CatalogConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the tables of a snapshot in the catalog, each time on a connection of its own. It may wait for locks. */
final class TableLookUp implements SnapshotServer.LookUp {

    private final SourceServer server;
    private final SnapshotOrder order;
    private volatile @Nullable CatalogConnection connection;

    TableLookUp(SourceServer server, SnapshotOrder order) {
        this.server = server;
        this.order = order;
    }

    @Override
    public List<SnapshotTable> get() {
        try (CatalogConnection catalog = server.connect()) {
            connection = catalog;
            List<SnapshotTable> tables = server.tables(catalog).read(order);
            // a column of it may have been dropped since
            OrderCheck.requireCondition(catalog, tables, order);
            return tables;
        } finally {
            connection = null;
        }
    }

    @Override
    public void abort() {
        CatalogConnection running = connection;
        if (running != null) {
            running.abort();
        }
    }
}
